"""A local server in the place of an API: records requests and sends one response to all of them."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Stub(ThreadingHTTPServer):
    """Records requests as (method, path, headers, body) and sends one response to all of them.

    status   of the response; 0 closes the connection without one
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, str, Mapping[str, str], bytes]] = []
        self.status = 200
        self.content: bytes = b"{}"
        self.content_type = "application/json"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Stub
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append((self.command, self.path, dict(self.headers), body))
        # The next test may change these values as soon as the client has the response.
        status, content, content_type = self.server.status, self.server.content, self.server.content_type
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 (names of the base class)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def started() -> Iterator[Stub]:
    with Stub() as stub:
        threading.Thread(target=stub.serve_forever, args=(0.01,), daemon=True).start()
        yield stub
        stub.shutdown()
