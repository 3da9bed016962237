"""The server of the page, on the loopback interface.

GET  /, /page/…                            the files of the page
GET  /api/component                        {component, revision, values} or {problem, revision}
GET  /api/schemas?function=ID&kind=KIND    {in, out}, see `_static_schemas`; KIND is trigger or action
POST /api/calls                            a call of the component; the response is a stream of events, see `calls`
GET  /api/files/CALL/EVENT/NUMBER          a file that a function has emitted

`page_access` protects all of them.
"""

import asyncio
import json
import secrets
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

from elasticio import ElasticioError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from elasticio_runner.errors import FlowError, StaticSchemaError, describe
from elasticio_runner.flow_file import components
from elasticio_runner.flow_file.static_schema import static_schema
from elasticio_runner.local_platform import request_body
from elasticio_runner.local_platform.http_reply import json_response
from elasticio_runner.local_platform.http_server import HttpServer
from elasticio_runner.preview import calls, description, page_access, revision

_STATIC = Path(__file__).with_name("static")
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_LARGEST_REQUEST = 40 * 1024 * 1024  # bytes of a call with its files
_REQUEST_TIME = 60.0  # seconds for receiving it
_KEPT_CALLS = 20  # newest calls with emitted files, which can be downloaded


class PreviewServer:
    """The page of the component in `component`. `values` are initial values of its forms.

    `uri` contains the token. Raises ComponentError if the folder has no readable component.json, and FlowError if the
    port cannot be opened.
    """

    def __init__(self, component: Path, values: Mapping[str, Any] | None = None, port: int = 0) -> None:
        self.root = component.resolve()
        description.description(self.root)  # a later mistake in the file is shown on the page
        self._values = dict(values or {})
        self._files = Path(tempfile.mkdtemp(prefix="preview-"))
        self._kept: list[Path] = []
        self._stopping = threading.Event()
        token = secrets.token_urlsafe()
        try:
            self._server = HttpServer(page_access.PageAccess(self._application(), token), port)
        except ElasticioError:
            shutil.rmtree(self._files)
            raise
        self.uri = f"{self._server.uri}/#token={token}"

    def start(self) -> None:
        """Start the server."""
        self._server.start()

    def stop(self) -> None:
        """Stop the server and all calls, and delete the emitted files."""
        self._stopping.set()
        self._server.stop()
        shutil.rmtree(self._files, ignore_errors=True)

    def _application(self) -> Starlette:
        files = [path for path in sorted(_STATIC.rglob("*")) if path.suffix in _TYPES]
        routes = [
            *(_file_route(path) for path in files),
            Route("/api/component", self._component),
            Route("/api/schemas", self._schemas),
            Route("/api/calls", self._call, methods=["POST"]),
            Route("/api/files/{call}/{event}/{number}", self._file),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: _refused})

    async def _component(self, request: Request) -> Response:
        current = await asyncio.to_thread(revision.revision, self.root)
        if request.query_params.get("known") == current:
            return json_response({"revision": current})
        try:
            found = await asyncio.to_thread(description.description, self.root)
        except ElasticioError as error:
            return json_response({"problem": str(error), "revision": current})
        return json_response({"component": found, "revision": current, "values": self._values})

    async def _schemas(self, request: Request) -> Response:
        function, kind = (request.query_params.get(name, "") for name in ("function", "kind"))
        try:
            return json_response(await asyncio.to_thread(_static_schemas, self.root, function, kind))
        except ElasticioError as error:
            return json_response({name: {"problem": str(error)} for name in ("in", "out")})

    async def _call(self, request: Request) -> Response:
        content = await request_body.whole(request, _LARGEST_REQUEST, _REQUEST_TIME)
        try:
            call = calls.PreviewCall.read(json.loads(content))
        except FlowError as error:
            raise HTTPException(400, str(error)) from error
        except (ValueError, RecursionError) as error:
            raise HTTPException(400, "the body is not valid JSON") from error
        return StreamingResponse(self._events(call), media_type="application/x-ndjson", headers=_HEADERS)

    async def _events(self, call: calls.PreviewCall) -> AsyncIterator[bytes]:
        """Yield the lines of a call: first its ID, then its events, and empty lines while it is silent."""
        folder = self._files / secrets.token_hex(8)
        folder.mkdir()
        yield _line({"event": "started", "call": folder.name})
        try:
            async with aclosing(calls.events(call, self.root, folder)) as found:
                async for event in found:
                    if self._stopping.is_set():
                        return
                    yield _line(event) if event else b"\n"
        except Exception as error:  # noqa: BLE001 (the page must learn why a call has no result)
            yield _line({"event": "failed", "reason": f"The preview failed: {describe(error)}"})
        finally:
            self._keep(folder)

    def _keep(self, folder: Path) -> None:
        """Keep the files that a call has emitted, and delete those of old calls."""
        if not any(folder.iterdir()):
            folder.rmdir()
            return
        self._kept.append(folder)
        while len(self._kept) > _KEPT_CALLS:
            shutil.rmtree(self._kept.pop(0), ignore_errors=True)

    async def _file(self, request: Request) -> Response:
        call, event, number = (request.path_params[name] for name in ("call", "event", "number"))
        path = self._files / call / event / number
        if not (call.isalnum() and event.isdecimal() and number.isdecimal() and path.is_file()):
            raise HTTPException(404, "The file does not exist. Files of older calls are deleted.")
        return FileResponse(path, media_type="application/octet-stream", headers=_HEADERS)


def _file_route(path: Path) -> Route:
    name = path.relative_to(_STATIC).as_posix()

    async def serve(_request: Request) -> Response:
        return FileResponse(path, media_type=_TYPES[path.suffix], headers=_HEADERS)

    return Route("/" if name == "index.html" else f"/page/{name}", serve)


def _static_schemas(root: Path, function: str, kind: str) -> dict[str, Any]:
    """Return {in, out}: each is {schema}, {problem}, or None if component.json does not declare it."""
    found = components.members(components.descriptor(root), f"{kind}s").get(function)
    entry = found if isinstance(found, dict) else {}
    return {side: _static_schema(entry, side, root) for side in ("in", "out")}


def _static_schema(entry: Mapping[str, Any], side: str, root: Path) -> dict[str, Any] | None:
    try:
        schema = static_schema(entry, side, root)
    except StaticSchemaError as error:
        return {"problem": str(error)}
    return None if schema is None else {"schema": schema}


def _line(event: Mapping[str, Any]) -> bytes:
    return json.dumps(event).encode() + b"\n"


async def _refused(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return json_response({"error": error.detail}, error.status_code)
