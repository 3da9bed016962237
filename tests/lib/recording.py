"""An HTTP server that records requests and returns the responses of a test. It does not simulate CallFire."""

import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)


def json_reply(value: Any, status: int = 200, **headers: str) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})


RESET = "reset after the request was read"
RESET_UNREAD = "reset before the request was read"
SILENCE = "no answer"
Answer = Reply | str | Callable[[Received], Reply]


class Recorder:
    """The received requests and the responses: first those in the queue, then `default`."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.replies: deque[Answer] = deque()
        self.default: Answer = json_reply({})
        self.connections = 0
        self.closed = threading.Event()
        self.done = threading.Event()
        self.url = ""

    def next(self) -> Answer:
        return self.replies.popleft() if self.replies else self.default


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024  # one packet: the second of two would wait for the client's acknowledgement
    recorder: Recorder

    def setup(self) -> None:
        super().setup()
        self.recorder.connections += 1

    def handle_any(self) -> None:
        answer = self.recorder.next()
        if answer == RESET_UNREAD:
            self._reset()
            return
        received = self._receive()
        self.recorder.received.append(received)
        if answer == RESET:
            self._reset()
            return
        if answer == SILENCE:
            self.recorder.done.wait(30)
            self.close_connection = True
            return
        reply = answer(received) if callable(answer) else answer
        assert isinstance(reply, Reply)
        self._answer(reply)

    def _answer(self, reply: Reply) -> None:
        """Send a reply. Special headers change how it is sent.

        X-Chunked sends the body in chunks. X-Cut closes the connection after that many bytes. X-Gone closes the
        connection after the reply without announcing it.
        """
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if "X-Chunked" in reply.headers:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(reply.body), reply.body))
            return
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if reply.status != 204:
            self.wfile.write(reply.body[: int(reply.headers.get("X-Cut", len(reply.body)))])
        if reply.headers.keys() & {"X-Cut", "X-Gone"}:
            self.close_connection = True

    do_CONNECT = do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any  # noqa: N815 (http.server asks for these names)

    def _receive(self) -> Received:
        parts = urlsplit(self.path)
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b"".join(iter(self._chunk, b""))
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Received(self.command, parts.path, parse_qsl(parts.query, keep_blank_values=True), headers, body)

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline(), 16)
        chunk = self.rfile.read(size)
        self.rfile.readline()
        return chunk

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            self.rfile.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    recorder: Recorder

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.recorder.closed.set()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore connections that the client or a test has broken."""


@contextmanager
def recording(tls: ssl.SSLContext | None = None) -> Iterator[Recorder]:
    """Serve on a free loopback port, over TLS if `context` is given."""
    recorder = Recorder()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"recorder": recorder}))
    server.recorder = recorder
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    recorder.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield recorder
    finally:
        recorder.done.set()
        server.shutdown()
        thread.join()
        server.server_close()
