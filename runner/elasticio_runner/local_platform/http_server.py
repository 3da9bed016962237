"""An HTTP server on the loopback interface, for the steps of a flow: requests in, answers out, files streamed."""

import io
import json
import logging
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

log = logging.getLogger("sailor")


@dataclass(frozen=True)
class Request:
    """A request; the names of its headers are lower-case. `body` can be read once."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: IO[bytes]

    @property
    def path(self) -> str:
        """The path, still escaped."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, Any]:
        """The query; a name that comes several times has a list."""
        query: dict[str, Any] = {}
        for name, value in parse_qsl(urlsplit(self.target).query, keep_blank_values=True):
            query[name] = value if name not in query else [*_listed(query[name]), value]
        return query

    def json(self) -> Any:
        """Read the body as JSON; raises ValueError."""
        return json.loads(self.body.read() or b"null")


@dataclass(frozen=True)
class Answer:
    """An answer, whose body is bytes or a file."""

    status: int = 200
    body: bytes | Path = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, status: int = 200) -> "Answer":
        """Make an answer of a JSON value."""
        return cls(status, json.dumps(value).encode(), {"content-type": "application/json"})


class Server:
    """Answers each request with what `handle` returns for it, each in a thread of its own."""

    def __init__(self, handle: Callable[[Request], Answer], port: int = 0) -> None:
        handler = type("Handler", (_Handler,), {"handle_request": staticmethod(handle)})
        self._server = _Listener(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="platform", daemon=True)
        self.uri = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Listener(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, _request: object, _address: object) -> None:
        """A client that has gone is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    handle_request: Callable[[Request], Answer]

    def __getattr__(self, name: str) -> Any:
        """Take every method: http.server looks for do_GET and so on."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_chunked = headers.get("transfer-encoding", "").lower() == "chunked"
        size = headers.get("content-length", "0")
        if not size.isdecimal():
            self._send(Answer(400))
            return
        body = io.BufferedReader(_Chunked(self.rfile) if is_chunked else _Sized(self.rfile, int(size)))
        try:
            answer = self.handle_request(Request(self.command, self.path, headers, body))
        except Exception:
            log.exception("The local platform failed to answer %s %s", self.command, urlsplit(self.path).path)
            answer = Answer(500)
        while body.read(65536):  # what nobody has read stands before the next request
            pass
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        size = answer.body.stat().st_size if isinstance(answer.body, Path) else len(answer.body)
        self.send_response_only(answer.status)
        for name, value in {**answer.headers, "content-length": str(size)}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if isinstance(answer.body, Path):
            with answer.body.open("rb") as source:
                shutil.copyfileobj(source, self.wfile)
        else:
            self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """Say nothing: it would say addresses."""


class _Sized(io.RawIOBase):
    """So many bytes of a connection."""

    def __init__(self, source: io.BufferedIOBase, size: int) -> None:
        self._source = source
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._source.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


class _Chunked(io.RawIOBase):
    """The chunks of a connection (RFC 9112, section 7.1)."""

    def __init__(self, source: io.BufferedIOBase) -> None:
        self._source = source
        self._left = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left and not self._ended:
            self._left = int(self._source.readline().split(b";")[0], 16)
            if not self._left:
                self._ended = True
                while self._source.readline().strip():  # trailers
                    pass
        data = self._source.read(min(len(buffer), self._left))
        self._left -= len(data)
        if data and not self._left:
            self._source.readline()
        buffer[: len(data)] = data
        return len(data)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
