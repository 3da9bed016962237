"""A fake platform for tests: its API, its object storage and the URL that receives results.

It is a real HTTP server on a loopback port. It records every request and checks the credentials of each part. Tests can
make it return errors, drop connections and serve any page.
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
PATIENCE = 30  # seconds; only a failing test waits this long


def basic(username: str, password: str) -> str:
    """Return the value of an Authorization header with basic credentials."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


@dataclass(frozen=True)
class Request:
    """A received request. Header names are lower-case; `target` is the path and the query."""

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
class Response:
    """A response. An iterable body is sent in chunks unless `headers` contain a content-length.

    Tests may set a wrong content-length: the server closes the connection after the body.
    """

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: Any, status: int = 200) -> "Response":
        return cls(status, json.dumps(value).encode(), {"content-type": "application/json"})


@dataclass
class _Fault:
    times: int
    response: Response | None
    path: str
    method: str | None


@dataclass
class FakePlatform:
    """The state of the platform and its received requests. Tests may read and change both at any time.

    steps     {(flow id, step id): the response body of GET …/steps/…}
    startup   {flow id: the result of `startup`}; a second POST gets 409
    accounts  {account id: keys}
    objects   {object id: Response}: the object storage
    signed    {file id: Response}: the storage behind signed URLs, as on older platforms
    pages     {path: Response}: any other page, without credentials
    results   the bodies posted to `result_url`
    received  the number of body bytes received so far
    """

    uri: str = ""
    steps: dict[tuple[str, str], Any] = field(default_factory=dict)
    startup: dict[str, Any] = field(default_factory=dict)
    accounts: dict[str, Any] = field(default_factory=dict)
    objects: dict[str, Response] = field(default_factory=dict)
    signed: dict[str, Response] = field(default_factory=dict)
    pages: dict[str, Response] = field(default_factory=dict)
    results: list[Any] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    received: int = 0
    _faults: list[_Fault] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def result_url(self) -> str:
        return f"{self.uri}/result"

    def environ(self) -> dict[str, str]:
        """Return the environment variables with which a step uses this platform."""
        return {
            "ELASTICIO_API_URI": self.uri,
            "ELASTICIO_API_USERNAME": USERNAME,
            "ELASTICIO_API_KEY": API_KEY,
            "ELASTICIO_API_REQUEST_RETRY_DELAY": "1",
            "ELASTICIO_OBJECT_STORAGE_URI": self.uri,
            "ELASTICIO_OBJECT_STORAGE_TOKEN": TOKEN,
            "ELASTICIO_EGRESS_ALLOW": "127.0.0.0/8",
            "ELASTICIO_POST_RESULT_URL": self.result_url,
        }

    def fail(self, times: int = 1, status: int = 500, *, path: str = "/", method: str | None = None) -> None:
        """Return an error for the next `times` requests below `path`."""
        self.answer(Response(status, b"test error"), times, path=path, method=method)

    def answer(self, response: Response, times: int = 1, *, path: str = "/", method: str | None = None) -> None:
        """Return `response` for the next `times` requests below `path`."""
        self._faults.append(_Fault(times, response, path, method))

    def drop(self, times: int = 1, *, path: str = "/", method: str | None = None) -> None:
        """Close the connection of the next `times` requests below `path` without a response."""
        self._faults.append(_Fault(times, None, path, method))

    def asked(self, method: str, path: str) -> list[Request]:
        """Return the received requests whose path starts with `path`, in order."""
        return [request for request in self.requests if request.method == method and request.path.startswith(path)]

    def wait_for(self, condition: Callable[["FakePlatform"], Any]) -> None:
        """Return as soon as the condition holds. It is checked at each request and at each chunk of a body.

        Raises TimeoutError after PATIENCE seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self), PATIENCE):
                raise TimeoutError(
                    "the condition did not hold in time; requests received: " + ", ".join(map(str, self.requests))
                )

    def count_received(self, size: int) -> None:
        """Count received bytes of a body."""
        with self._changed:
            self.received += size
            self._changed.notify_all()

    def handle(self, request: Request) -> Response | None:
        """Record a request and return its response; None means that the server must drop the connection."""
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            for fault in self._faults:
                if fault.times and request.path.startswith(fault.path) and fault.method in {None, request.method}:
                    fault.times -= 1
                    return fault.response
            return self._route(request)

    def _route(self, request: Request) -> Response:
        if page := self.pages.get(request.path):
            return page
        match [unquote(part) for part in request.path.split("/")[1:]]:
            case ["result"]:
                self.results.append(request.json())
                return Response()
            case ["signed", key]:
                return self._store(request, self.signed, key)
            case ["objects"]:
                return self._store(request, self.objects, "", f"Bearer {TOKEN}")
            case ["objects", key]:
                return self._store(request, self.objects, key, f"Bearer {TOKEN}")
        if request.headers.get("authorization") != basic(USERNAME, API_KEY):
            return Response.of_json({"error": "wrong credentials"}, 401)
        return self._api(request)

    def _api(self, request: Request) -> Response:
        match [request.method, *(unquote(part) for part in request.path.split("/")[1:])]:
            case ["GET", "v1", "tasks", flow, "steps", step] if (flow, step) in self.steps:
                return Response.of_json(self.steps[flow, step])
            case ["PUT", "v1", "accounts", account]:
                self.accounts[account] = request.json()["keys"]
                return Response.of_json({"id": account})
            case ["POST", "v2", "resources", "storage", "signed-url"]:
                url = f"{self.uri}/signed/file-{len(self.asked('POST', request.path))}"
                return Response.of_json({"put_url": f"{url}?signature=put", "get_url": f"{url}?signature=get"})
            case [method, "sailor-support", "hooks", "task", flow, "startup", "data"]:
                return self._startup(method, flow, request)
        return Response.of_json({"error": "not found"}, 404)

    def _startup(self, method: str, flow: str, request: Request) -> Response:
        if method == "POST":
            if flow in self.startup:
                return Response.of_json({"error": "already exists"}, 409)
            self.startup[flow] = request.json()
            return Response.of_json(self.startup[flow], 201)
        if flow not in self.startup:
            return Response.of_json({"error": "not found"}, 404)
        if method == "GET":
            return Response.of_json(self.startup[flow])
        del self.startup[flow]
        return Response(204)

    def _store(self, request: Request, store: dict[str, Response], key: str, login: str = "") -> Response:
        if request.headers.get("authorization", "") != login:
            return Response.of_json({"error": "wrong credentials"}, 401)
        if not key and request.method == "POST":
            key = f"object-{len(store) + 1}"
        elif key not in store and request.method != "PUT":
            return Response.of_json({"error": "not found"}, 404)
        if request.method in {"POST", "PUT"}:
            store[key] = Response(200, request.body, {"content-type": request.headers.get("content-type", "")})
            return Response.of_json({"objectId": key})
        if request.method == "GET":
            return store[key]
        del store[key]
        return Response(204)


class _Server(ThreadingHTTPServer):
    """The server. It tracks its connections in order to close them at the end."""

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
            with suppress(OSError):  # the client has closed it already
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle(self) -> None:
        with suppress(OSError):  # the client has disconnected
            super().handle()

    def _answer(self) -> None:
        self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = b"".join(self._chunks())
        if response := self.server.platform.handle(Request(self.command, self.path, headers, body)):
            self._send(response)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 (names of the base class)

    def _chunks(self) -> Iterator[bytes]:
        """Read the body and count its bytes."""
        chunked = self.headers.get("transfer-encoding") == "chunked"
        left = self._chunk_size() if chunked else int(self.headers.get("content-length", 0))
        while left:
            chunk = self.rfile.read1(min(left, 65536))
            if not chunk:
                raise ConnectionError("the body is incomplete")
            self.server.platform.count_received(len(chunk))
            yield chunk
            left -= len(chunk)
            if chunked and not left:
                self.rfile.readline()
                left = self._chunk_size()
        if chunked:
            self.rfile.readline()

    def _chunk_size(self) -> int:
        line = self.rfile.readline()
        if not line:
            raise ConnectionError("the body is incomplete")
        return int(line, 16)

    def _send(self, response: Response) -> None:
        chunks = [response.body] if isinstance(response.body, bytes) else response.body
        headers = {name.lower(): value for name, value in response.headers.items()}
        self.close_connection = "content-length" in headers
        if isinstance(response.body, bytes):
            headers.setdefault("content-length", str(len(response.body)))
        chunked = "content-length" not in headers
        self.send_response(response.status)
        for name, value in (headers | ({"transfer-encoding": "chunked"} if chunked else {})).items():
            self.send_header(name, value)
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunked else chunk)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        """Log nothing: the requests are recorded."""


@contextmanager
def fake_platform() -> Iterator[FakePlatform]:
    """Run a fake platform; stop it at the end."""
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
