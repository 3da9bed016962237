"""A platform small enough to read, for tests: its API, its object storage and the address that takes results.

A real HTTP server on a loopback port. It records every request, checks the login of each of its parts, and can be told
to answer with errors, to drop connections and to serve pages of any kind.
"""

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

USERNAME = "user@example.com"
API_KEY = "b2f1c9e0-api-key"
TOKEN = "storage-token-7f3a"
PATIENCE = 30  # seconds until a test gives up waiting


def basic(username: str, password: str) -> str:
    """Return the Authorization header of a login."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


@dataclass(frozen=True)
class Request:
    """A request as it came in; the names of its headers are lower-case, `target` is path and query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """An answer. A body that is no bytes is an iterable of pieces, sent chunked unless `headers` say its length.

    A length that is said may be a lie: the connection is closed behind it.
    """

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: Any, status: int = 200) -> "Answer":
        return cls(status, json.dumps(value).encode(), {"content-type": "application/json"})


@dataclass
class _Fault:
    times: int
    answer: Answer | None
    path: str
    method: str | None


@dataclass
class FakePlatform:
    """What the platform holds, and what it has been asked. Tests may read and change all of it at any time.

    steps     {(flow id, step id): what GET …/steps/… answers}
    startup   {flow id: what `startup` returned}; a second POST is answered 409
    accounts  {account id: keys}
    objects   {object id: Answer}: the object storage
    signed    {file id: Answer}: the storage behind signed addresses, as on older platforms
    pages     {path: Answer}: anything else, without a login
    results   what was posted to `result_url`
    received  the number of body bytes that have come in so far
    """

    uri: str = ""
    steps: dict[tuple[str, str], Any] = field(default_factory=dict)
    startup: dict[str, Any] = field(default_factory=dict)
    accounts: dict[str, Any] = field(default_factory=dict)
    objects: dict[str, Answer] = field(default_factory=dict)
    signed: dict[str, Answer] = field(default_factory=dict)
    pages: dict[str, Answer] = field(default_factory=dict)
    results: list[Any] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    received: int = 0
    _faults: list[_Fault] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def result_url(self) -> str:
        return f"{self.uri}/result"

    def environ(self) -> dict[str, str]:
        """Return the variables that lead a step to this platform."""
        return {
            "ELASTICIO_API_URI": self.uri,
            "ELASTICIO_API_USERNAME": USERNAME,
            "ELASTICIO_API_KEY": API_KEY,
            "ELASTICIO_API_REQUEST_RETRY_DELAY": "1",
            "ELASTICIO_OBJECT_STORAGE_URI": self.uri,
            "ELASTICIO_OBJECT_STORAGE_TOKEN": TOKEN,
            "ELASTICIO_POST_RESULT_URL": self.result_url,
        }

    def fail(self, times: int = 1, status: int = 500, *, path: str = "/", method: str | None = None) -> None:
        """Answer the next `times` requests below `path` with an error."""
        self.answer(Answer(status, b"out of order"), times, path=path, method=method)

    def answer(self, answer: Answer, times: int = 1, *, path: str = "/", method: str | None = None) -> None:
        """Give the next `times` requests below `path` this answer, whatever they ask for."""
        self._faults.append(_Fault(times, answer, path, method))

    def drop(self, times: int = 1, *, path: str = "/", method: str | None = None) -> None:
        """Close the connection of the next `times` requests below `path` without an answer."""
        self._faults.append(_Fault(times, None, path, method))

    def asked(self, method: str, path: str) -> list[Request]:
        """Return the requests of one kind, in their order; `path` is the beginning of theirs."""
        return [request for request in self.requests if request.method == method and request.path.startswith(path)]

    def wait_for(self, condition: Callable[["FakePlatform"], Any]) -> None:
        """Return as soon as the condition holds; it is asked again at each request and at each piece of a body."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self), PATIENCE):
                raise TimeoutError(
                    "the platform has waited in vain; it was asked: " + ", ".join(map(str, self.requests))
                )

    def take(self, size: int) -> None:
        """Count bytes of a body that came in."""
        with self._changed:
            self.received += size
            self._changed.notify_all()

    def handle(self, request: Request) -> Answer | None:
        """Record a request and find its answer; None where the connection shall be dropped."""
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            for fault in self._faults:
                if fault.times and request.path.startswith(fault.path) and fault.method in {None, request.method}:
                    fault.times -= 1
                    return fault.answer
            return self._route(request)

    def _route(self, request: Request) -> Answer:
        if page := self.pages.get(request.path):
            return page
        match [unquote(part) for part in request.path.split("/")[1:]]:
            case ["result"]:
                self.results.append(request.json())
                return Answer()
            case ["signed", key]:
                return self._store(request, self.signed, key)
            case ["objects"]:
                return self._store(request, self.objects, "", f"Bearer {TOKEN}")
            case ["objects", key]:
                return self._store(request, self.objects, key, f"Bearer {TOKEN}")
        if request.headers.get("authorization") != basic(USERNAME, API_KEY):
            return Answer.of_json({"error": "wrong login"}, 401)
        return self._api(request)

    def _api(self, request: Request) -> Answer:
        match [request.method, *(unquote(part) for part in request.path.split("/")[1:])]:
            case ["GET", "v1", "tasks", flow, "steps", step] if (flow, step) in self.steps:
                return Answer.of_json(self.steps[flow, step])
            case ["PUT", "v1", "accounts", account]:
                self.accounts[account] = request.json()["keys"]
                return Answer.of_json({"id": account})
            case ["POST", "v2", "resources", "storage", "signed-url"]:
                url = f"{self.uri}/signed/file-{len(self.asked('POST', request.path))}"
                return Answer.of_json({"put_url": f"{url}?signature=put", "get_url": f"{url}?signature=get"})
            case [method, "sailor-support", "hooks", "task", flow, "startup", "data"]:
                return self._startup(method, flow, request)
        return Answer.of_json({"error": "not found"}, 404)

    def _startup(self, method: str, flow: str, request: Request) -> Answer:
        if method == "POST":
            if flow in self.startup:
                return Answer.of_json({"error": "there is some already"}, 409)
            self.startup[flow] = request.json()
            return Answer.of_json(self.startup[flow], 201)
        if flow not in self.startup:
            return Answer.of_json({"error": "not found"}, 404)
        if method == "GET":
            return Answer.of_json(self.startup[flow])
        del self.startup[flow]
        return Answer(204)

    def _store(self, request: Request, store: dict[str, Answer], key: str, login: str = "") -> Answer:
        if request.headers.get("authorization", "") != login:
            return Answer.of_json({"error": "wrong login"}, 401)
        if not key and request.method == "POST":
            key = f"object-{len(store) + 1}"
        elif key not in store and request.method != "PUT":
            return Answer.of_json({"error": "not found"}, 404)
        if request.method in {"POST", "PUT"}:
            store[key] = Answer(200, request.body, {"content-type": request.headers.get("content-type", "")})
            return Answer.of_json({"objectId": key})
        if request.method == "GET":
            return store[key]
        del store[key]
        return Answer(204)


class _Server(ThreadingHTTPServer):
    """The server. It knows its connections, so that it can end them all: none is left to be found unclosed."""

    daemon_threads = False  # server_close() joins them

    def __init__(self, platform: FakePlatform) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.platform = platform
        self.connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        for connection in list(self.connections):
            with suppress(OSError):  # the other side was faster
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle(self) -> None:
        with suppress(OSError):  # the other side has gone
            super().handle()

    def _answer(self) -> None:
        self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = b"".join(self._pieces())
        if answer := self.server.platform.handle(Request(self.command, self.path, headers, body)):
            self._send(answer)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 (names of the base class)

    def _pieces(self) -> Iterator[bytes]:
        """Read the body, counting it as it comes."""
        chunked = self.headers.get("transfer-encoding") == "chunked"
        left = self._chunk_size() if chunked else int(self.headers.get("content-length", 0))
        while left:
            piece = self.rfile.read1(min(left, 65536))
            if not piece:
                raise ConnectionError("the body broke off")
            self.server.platform.take(len(piece))
            yield piece
            left -= len(piece)
            if chunked and not left:
                self.rfile.readline()
                left = self._chunk_size()
        if chunked:
            self.rfile.readline()

    def _chunk_size(self) -> int:
        line = self.rfile.readline()
        if not line:
            raise ConnectionError("the body broke off")
        return int(line, 16)

    def _send(self, answer: Answer) -> None:
        pieces = [answer.body] if isinstance(answer.body, bytes) else answer.body
        headers = {name.lower(): value for name, value in answer.headers.items()}
        self.close_connection = "content-length" in headers
        if isinstance(answer.body, bytes):
            headers.setdefault("content-length", str(len(answer.body)))
        chunked = "content-length" not in headers
        self.send_response(answer.status)
        for name, value in (headers | ({"transfer-encoding": "chunked"} if chunked else {})).items():
            self.send_header(name, value)
        self.end_headers()
        for piece in pieces:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        """Say nothing: the requests are recorded."""


@contextmanager
def fake_platform() -> Iterator[FakePlatform]:
    """Run a platform of one's own."""
    platform = FakePlatform()
    server = _Server(platform)
    platform.uri = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        thread.join()
        server.end_connections()
        server.server_close()
