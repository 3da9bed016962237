"""The platform's API and object storage for the steps of one flow, and the URL of its webhook.

GET    /v1/tasks/FLOW/steps/STEP                        the step's config, snapshot and variables
POST, GET, DELETE /sailor-support/hooks/task/FLOW/startup/data
PUT    /v1/accounts/STEP                                the keys of a step's account
POST   /v2/resources/storage/signed-url                 then PUT and GET /signed/ID
POST   /objects, and GET, PUT, DELETE /objects/ID       the object storage
any    /hook/STEP                                       requests for a webhook trigger

Each request is authenticated before its body is read. Signed URLs and webhooks need no authentication.
"""

import asyncio
import base64
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from elasticio_runner.engine.state_file import SnapshotError, State
from elasticio_runner.flow_file.flow import Flow
from elasticio_runner.local_platform import object_store, request_body
from elasticio_runner.local_platform.http_reply import json_response
from elasticio_runner.local_platform.http_server import HttpServer
from elasticio_runner.local_platform.object_store import ObjectStore

log = logging.getLogger("runner")

_LINK_LIFETIME = 3600 * 1000  # milliseconds; stated, not enforced: an object exists as long as the run
_LARGEST_JSON = 10 * 1024 * 1024  # bytes
_JSON_TIME = 30.0  # seconds for such a body

Hook = Callable[[str, Request], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


class LocalPlatform:
    """A server for one flow. The environment of its steps contains `uri`, `username`, `api_key` and `token`."""

    def __init__(self, flow: Flow, state: State, objects: ObjectStore, hook: Hook | None = None, port: int = 0) -> None:
        self._flow = flow
        self._state = state
        self._objects = objects
        self._hook = hook
        self._keys: dict[str, Mapping[str, Any]] = {}  # of updateKeys, by step; never written to disk
        self.username = "flow"
        self.api_key = secrets.token_urlsafe()
        self.token = secrets.token_urlsafe()
        self._basic = "Basic " + base64.b64encode(f"{self.username}:{self.api_key}".encode()).decode()
        self._server = HttpServer(request_body.RespondsBeforeClosing(self._application()), port)
        self.uri = self._server.uri

    def start(self) -> None:
        """Start the server."""
        self._server.start()

    def stop(self) -> None:
        """Stop the server."""
        self._server.stop()

    def store(self, content: bytes, content_type: str) -> str:
        """Store a file and return its URL for `attachments`."""
        object_id = self._objects.reserve()
        self._objects.put(object_id, content, content_type)
        return f"{self.uri}/objects/{object_id}?storage_type=maester"

    def _application(self) -> Starlette:
        startup = "/sailor-support/hooks/task/{flow}/startup/data"
        api, storage = self._basic, f"Bearer {self.token}"
        routes = [
            Route("/v1/tasks/{flow}/steps/{step}", _for(api, self._step)),
            Route(startup, _for(api, self._store_startup), methods=["POST"]),
            Route(startup, _for(api, self._read_startup)),
            Route(startup, _for(api, self._delete_startup), methods=["DELETE"]),
            Route("/v1/accounts/{step}", _for(api, self._update_account), methods=["PUT"]),
            Route("/v2/resources/storage/signed-url", _for(api, self._sign), methods=["POST"]),
            Route("/objects", _for(storage, self._create_object), methods=["POST"]),
            Route("/objects/{id}", _for(storage, self._put_object), methods=["PUT"]),
            Route("/objects/{id}", _for(storage, self._get_object)),
            Route("/objects/{id}", _for(storage, self._delete_object), methods=["DELETE"]),
            Route("/signed/{id}", self._put_signed, methods=["PUT"]),
            Route("/signed/{id}", self._get_object),
            Route("/hook/{step}", _AnyMethod(self._call_hook)),
            Route("/hook/{step}/", _AnyMethod(self._call_hook)),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: _refused, Exception: _failed})

    async def _step(self, request: Request) -> Response:
        step_id = request.path_params["step"]
        step = self._flow.steps.get(step_id)
        if request.path_params["flow"] != self._flow.id or step is None:
            raise HTTPException(404)
        return json_response(
            {
                "config": {**step.config, **self._keys.get(step_id, {})},
                "snapshot": self._state.snapshot(step_id),
                "is_passthrough": step.options.get("passthrough", True),
                "variables": dict(self._flow.variables),
            }
        )

    async def _store_startup(self, request: Request) -> Response:
        data = await _json(request)
        if self._state.has_startup_data:
            raise HTTPException(409)
        try:
            await asyncio.to_thread(self._state.set_startup_data, data)
        except SnapshotError as error:
            raise HTTPException(422, str(error)) from error
        return json_response({}, 201)

    async def _read_startup(self, _request: Request) -> Response:
        if not self._state.has_startup_data:
            raise HTTPException(404)
        return json_response(self._state.startup_data)

    async def _delete_startup(self, _request: Request) -> Response:
        await asyncio.to_thread(self._state.delete_startup_data)
        return Response(status_code=204)

    async def _update_account(self, request: Request) -> Response:
        step_id = request.path_params["step"]
        if step_id not in self._flow.steps:
            raise HTTPException(404)
        account = await _json(request)
        keys = account.get("keys") if isinstance(account, dict) else None
        if not isinstance(keys, dict | None):
            raise HTTPException(400, "keys: must be an object")
        self._keys[step_id] = keys or {}
        return json_response({})

    async def _sign(self, _request: Request) -> Response:
        url = f"{self.uri}/signed/{self._objects.reserve()}"
        return json_response({"put_url": url, "get_url": url, "expires": int(time.time() * 1000) + _LINK_LIFETIME})

    async def _create_object(self, request: Request) -> Response:
        object_id = self._objects.reserve()
        await self._receive(request, object_id)
        return json_response({"objectId": object_id}, 201)

    async def _put_object(self, request: Request) -> Response:
        object_id = request.path_params["id"]
        await self._receive(request, object_id)
        return json_response({"objectId": object_id})

    async def _put_signed(self, request: Request) -> Response:
        if not self._objects.is_reserved(request.path_params["id"]):
            raise HTTPException(404)
        return await self._put_object(request)

    async def _get_object(self, request: Request) -> Response:
        stored = self._objects.get(request.path_params["id"])
        if stored is None:
            raise HTTPException(404)
        return FileResponse(stored.file, headers={"content-type": stored.content_type, **stored.headers})

    async def _delete_object(self, request: Request) -> Response:
        if not self._objects.delete(request.path_params["id"]):
            raise HTTPException(404)
        return Response(status_code=204)

    async def _call_hook(self, request: Request) -> Response:
        if self._hook is None:
            raise HTTPException(404)
        return await self._hook(request.path_params["step"], request)

    async def _receive(self, request: Request, object_id: str) -> None:
        kept = {name: value for name, value in request.headers.items() if name.startswith(("x-meta-", "x-query-"))}
        content_type = request.headers.get("content-type", "application/octet-stream")
        source = request_body.chunks(request, object_store.LARGEST)
        try:
            await self._objects.receive(object_id, source, content_type, kept)
        except OSError as error:
            raise HTTPException(507, f"failed to store the file: {error.strerror}") from error


class _AnyMethod:
    """An endpoint for all HTTP methods. Starlette passes a plain function only the listed methods."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._endpoint(Request(scope, receive, send))
        await response(scope, receive, send)


def _for(authorization: str, endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that refuses requests without this authorization."""

    async def authenticated(request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if not secrets.compare_digest(given.encode(), authorization.encode()):
            raise HTTPException(401)
        return await endpoint(request)

    return authenticated


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request_body.whole(request, _LARGEST_JSON, _JSON_TIME) or b"null")
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "the body is not valid JSON") from error


async def _refused(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return json_response({"error": error.detail}, error.status_code)


async def _failed(request: Request, error: Exception) -> Response:
    place = f"{request.method} {request.url.path}"
    log.error("The local platform failed to process %s (%s)", place, type(error).__name__, exc_info=error)
    return json_response({"error": "internal error"}, 500)
