"""A server with a scripted handler per connection: it responds, hangs, sends slowly or breaks off."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

Handler = Callable[["Peer"], None]


class Peer:
    """The server's end of one connection."""

    def __init__(self, stream: socket.socket, released: threading.Event) -> None:
        self.stream = stream
        self.released = released

    def request(self) -> bytes:
        """Read a request to the end of its body, by Content-Length or chunks; empty if the client has disconnected."""
        data = b""
        while b"\r\n\r\n" not in data:
            if not (piece := self.stream.recv(65536)):
                return data
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if lines.get(b"transfer-encoding") == b"chunked":
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
        while len(body) < int(lines.get(b"content-length", b"0")):
            body += self._more()
        return head + b"\r\n\r\n" + body

    def _more(self) -> bytes:
        if not (piece := self.stream.recv(65536)):
            raise ConnectionError("the client has gone in the middle of a request")
        return piece

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.stream.sendall(piece)

    def reset(self) -> None:
        """Close the connection with a reset."""
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.stream.close()

    def hang(self) -> None:
        """Do nothing until the test is over."""
        self.released.wait()


@dataclass
class Scripted:
    """The server. `requests` contains the complete requests, `connections` is the number of connections."""

    port: int
    handlers: list[Handler]
    released: threading.Event = field(default_factory=threading.Event)
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    closed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def scripted(*handlers: Handler, context: ssl.SSLContext | None = None) -> Iterator[Scripted]:
    """Run a server. The n-th connection uses the n-th handler; further connections use the last one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Scripted(listener.getsockname()[1], list(handlers))
        threads: list[threading.Thread] = []
        streams: list[socket.socket] = []

        def handle(stream: socket.socket, handler: Handler) -> None:
            with suppress(OSError, ssl.SSLError), stream:
                wrapped = context.wrap_socket(stream, server_side=True) if context else stream
                with wrapped:
                    handler(Peer(wrapped, server.released))
            server.closed.release()

        def accept() -> None:
            with suppress(OSError):
                while True:
                    stream, _ = listener.accept()
                    handler = server.handlers[min(server.connections, len(server.handlers) - 1)]
                    server.connections += 1
                    streams.append(stream)
                    threads.append(threading.Thread(target=handle, args=(stream, handler), daemon=True))
                    threads[-1].start()

        acceptor = threading.Thread(target=accept, daemon=True)
        acceptor.start()
        try:
            yield server
        finally:
            server.released.set()
            listener.shutdown(socket.SHUT_RDWR)
            acceptor.join()
            for stream in streams:  # clients keep connections
                with suppress(OSError):
                    stream.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


def answers(*replies: bytes) -> Handler:
    """Respond to the requests of a connection with these bytes in turn, then close it."""

    def handler(peer: Peer) -> None:
        for reply in replies:
            if not peer.request():
                return
            peer.send(reply)

    return handler


def repeats(reply: bytes) -> Handler:
    """Respond to every request of a connection with the same bytes."""

    def handler(peer: Peer) -> None:
        while peer.request():
            peer.send(reply)

    return handler


def drip(peer: Peer) -> None:
    """Send single bytes until the client disconnects."""
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not peer.released.wait(0.02):
        peer.send(b"1\r\nx\r\n")


def drip_head(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nX: ")
    while not peer.released.wait(0.02):
        peer.send(b"y")


def hang(peer: Peer) -> None:
    peer.request()
    peer.hang()
