"""A proxy in front of the broker. Tests can cut its connections without a restart of the broker."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit


class Proxy:
    """Forwards between clients and the broker at `uri`, on its own port. While shut it refuses connections.

    With `tls`, clients connect over TLS. With `cut_after`, it cuts each connection when the client has sent that many
    bytes, before the broker gets them all. `accepted` is the number of connections so far.
    """

    def __init__(self, uri: str, tls: ssl.SSLContext | None = None, cut_after: int | None = None) -> None:
        self._tls = tls
        self._cut_after = cut_after
        parts = urlsplit(uri)
        self._target = (parts.hostname or "localhost", parts.port or 5672)
        self._listener = socket.create_server(("127.0.0.1", 0))
        login = f"{parts.username}:{parts.password}@" if parts.username else ""
        port = self._listener.getsockname()[1]
        self.uri = urlunsplit(parts._replace(netloc=f"{login}127.0.0.1:{port}"))
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        self._is_open = True
        self.accepted = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break all open connections. New ones are possible at once."""
        with self._lock:
            broken, self._ends = self._ends, []
        for end in broken:
            _shut_down(end)

    def shut(self) -> None:
        """Break all connections and refuse new ones."""
        with self._lock:
            self._is_open = False
        self.cut()

    def open(self) -> None:
        """Accept connections again."""
        with self._lock:
            self._is_open = True

    def limit(self, cut_after: int | None) -> None:
        """Cut new connections when the client has sent that many bytes; None: never."""
        self._cut_after = cut_after

    def close(self) -> None:
        """Stop the proxy."""
        _shut_down(self._listener)
        self._listener.close()
        self.shut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            if self._tls:
                try:
                    client = self._tls.wrap_socket(client, server_side=True)
                except OSError:
                    continue  # the client has refused the certificate
            with self._lock:
                server = self._connected() if self._is_open else None
                if server is None:
                    client.close()
                    continue
                self._ends += [client, server]
            threading.Thread(target=_join, args=(client, server, self._cut_after), daemon=True).start()

    def _connected(self) -> socket.socket | None:
        try:
            return socket.create_connection(self._target)
        except OSError:
            return None  # the broker is unavailable, e.g. while it restarts


def _join(client: socket.socket, server: socket.socket, cut_after: int | None) -> None:
    """Forward in both directions until one side closes."""
    with client, server:
        back = threading.Thread(target=_pump, args=(server, client), daemon=True)
        back.start()
        _pump(client, server, cut_after)
        back.join()


def _pump(source: socket.socket, sink: socket.socket, cut_after: int | None = None) -> None:
    count = 0
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            count += len(data)
            if cut_after is not None and count >= cut_after:
                break
            sink.sendall(data)
    for end in (source, sink):
        _shut_down(end)


def _shut_down(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy(uri: str, cut_after: int | None = None) -> Iterator[Proxy]:
    """Yield a proxy in front of the broker at `uri`."""
    running = Proxy(uri, cut_after=cut_after)
    try:
        yield running
    finally:
        running.close()
