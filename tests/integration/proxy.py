"""A wire that can be cut: a TCP proxy in front of a broker"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


class Proxy:
    """Passes bytes both ways until it is cut; while it is closed it takes no connections."""

    def __init__(self, uri: str) -> None:
        parts = urlsplit(uri)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 5672)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        login = f"{parts.username}:{parts.password}@" if parts.username else ""
        self.uri = f"amqp://{login}127.0.0.1:{self.port}{parts.path}"
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = threading.Lock()
        self._open = True
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if not self._open:
                    _reset(client)
                    continue
                server = socket.create_connection(self._target)
                self._pairs.append((client, server))
                self.connections += 1
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=_copy, args=(source, sink), daemon=True).start()

    def cut(self) -> None:
        """Break all connections without a word."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                _reset(end)

    def shut(self) -> None:
        """Break all connections and refuse new ones."""
        with self._lock:
            self._open = False
        self.cut()

    def open(self) -> None:
        """Take connections again."""
        self._open = True

    def close(self) -> None:
        self.shut()
        self._listener.close()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def proxy(uri: str) -> Iterator[Proxy]:
    """Yield a proxy in front of the broker at `uri`."""
    running = Proxy(uri)
    try:
        yield running
    finally:
        running.close()
