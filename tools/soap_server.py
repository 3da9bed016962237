"""A server for the example of API 1.1, which the sandbox does not offer: it answers each SendCall with the same ID."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

_ANSWER = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
    b'<CreatedId xmlns="http://api.callfire.com/service/xsd">1023905160003</CreatedId>'
    b"</s:Body></s:Envelope>"
)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        if b"SendCall" not in self.rfile.read(int(self.headers["Content-Length"])):
            self.send_error(400)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(_ANSWER)))
        self.end_headers()
        self.wfile.write(_ANSWER)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name in the base class)
        """Write no log."""


@contextmanager
def soap_server() -> Iterator[str]:
    """Run the server in a thread; yields its URL."""
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v2"
        finally:
            server.shutdown()
            thread.join()
