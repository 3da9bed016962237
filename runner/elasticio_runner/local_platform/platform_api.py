"""The platform's API and object storage, as far as steps use them, for the flow that runs here.

GET    /v1/tasks/FLOW/steps/STEP                        what a step is
POST, GET, DELETE /sailor-support/hooks/task/FLOW/startup/data
PUT    /v1/accounts/STEP                                the keys of a step's account
POST   /v2/resources/storage/signed-url                 then PUT and GET /signed/ID
POST   /objects, and GET, PUT, DELETE /objects/ID       the object storage
any    /hook/STEP                                       requests for a webhook trigger
"""

import base64
import io
import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from elasticio_runner.engine.state_file import State
from elasticio_runner.flow_file.flow import Flow
from elasticio_runner.local_platform.http_server import Answer, Request, Server
from elasticio_runner.local_platform.object_store import Objects

_LINK_LIFETIME = 3600 * 1000  # milliseconds; said, not enforced: the run is the object's lifetime
_NOT_FOUND = Answer(404)

Hook = Callable[[str, Request], Answer]


class Platform:
    """A server for one flow. `uri`, `username`, `api_key` and `token` are for the steps' settings."""

    def __init__(self, flow: Flow, state: State, objects: Objects, hook: Hook | None = None, port: int = 0) -> None:
        self._flow = flow
        self._state = state
        self._objects = objects
        self._hook = hook
        self._keys: dict[
            str, Mapping[str, Any]
        ] = {}  # step → keys that updateKeys has replaced; secrets, never on disk
        self._server = Server(self._handle, port)
        self.uri = self._server.uri
        self.username = "flow"
        self.api_key = secrets.token_urlsafe()
        self.token = secrets.token_urlsafe()
        self._basic = "Basic " + base64.b64encode(f"{self.username}:{self.api_key}".encode()).decode()

    def start(self) -> None:
        """Begin to answer."""
        self._server.start()

    def stop(self) -> None:
        """Stop answering."""
        self._server.stop()

    def store(self, content: bytes, content_type: str) -> str:
        """Store a file that came with a request; returns the address for `attachments`."""
        object_id = self._objects.reserve()
        self._objects.put(object_id, io.BytesIO(content), content_type, {})
        return f"{self.uri}/objects/{object_id}?storage_type=maester"

    def _handle(self, request: Request) -> Answer:
        for pattern, login, serve in _ROUTES:
            if match := pattern.fullmatch(f"{request.method} {request.path}"):
                if (
                    login
                    and request.headers.get("authorization") != {"api": self._basic, "storage": self._bearer}[login]
                ):
                    return Answer(401)
                return serve(self, request, *map(unquote, match.groups()))
        return _NOT_FOUND

    @property
    def _bearer(self) -> str:
        return f"Bearer {self.token}"

    def _step(self, _request: Request, flow_id: str, step_id: str) -> Answer:
        step = self._flow.steps.get(step_id)
        if flow_id != self._flow.id or step is None:
            return _NOT_FOUND
        return Answer.of(
            {
                "config": {**step.config, **self._keys.get(step_id, {})},
                "snapshot": self._state.snapshot(step_id),
                "is_passthrough": step.options.get("passthrough", True),
                "variables": self._flow.variables,
            }
        )

    def _store_startup(self, request: Request) -> Answer:
        if self._state.has_startup_data:
            return Answer(409)
        self._state.set_startup_data(request.json())
        return Answer.of({}, 201)

    def _read_startup(self, _request: Request) -> Answer:
        return Answer.of(self._state.startup_data) if self._state.has_startup_data else _NOT_FOUND

    def _delete_startup(self, _request: Request) -> Answer:
        self._state.delete_startup_data()
        return Answer(204)

    def _update_account(self, request: Request, step_id: str) -> Answer:
        if step_id not in self._flow.steps:
            return _NOT_FOUND
        self._keys[step_id] = dict(request.json().get("keys") or {})
        return Answer.of({})

    def _sign(self, _request: Request) -> Answer:
        url = f"{self.uri}/signed/{self._objects.reserve()}"
        return Answer.of({"put_url": url, "get_url": url, "expires": int(time.time() * 1000) + _LINK_LIFETIME})

    def _create_object(self, request: Request) -> Answer:
        object_id = self._objects.reserve()
        self._store(request, object_id)
        return Answer.of({"objectId": object_id}, 201)

    def _put_object(self, request: Request, object_id: str) -> Answer:
        self._store(request, object_id)
        return Answer.of({"objectId": object_id})

    def _get_object(self, _request: Request, object_id: str) -> Answer:
        stored = self._objects.get(object_id)
        if stored is None:
            return _NOT_FOUND
        return Answer(200, stored.file, {"content-type": stored.content_type, **stored.headers})

    def _delete_object(self, _request: Request, object_id: str) -> Answer:
        return Answer(204) if self._objects.delete(object_id) else _NOT_FOUND

    def _call_hook(self, request: Request, step_id: str) -> Answer:
        return self._hook(step_id, request) if self._hook else _NOT_FOUND

    def _store(self, request: Request, object_id: str) -> None:
        said = {name: value for name, value in request.headers.items() if name.startswith(("x-meta-", "x-query-"))}
        content_type = request.headers.get("content-type", "application/octet-stream")
        self._objects.put(object_id, request.body, content_type, said)


_STARTUP = r" /sailor-support/hooks/task/[^/]+/startup/data"
_ROUTES: tuple[tuple[re.Pattern[str], str | None, Callable[..., Answer]], ...] = (
    (re.compile(r"GET /v1/tasks/([^/]+)/steps/([^/]+)"), "api", Platform._step),
    (re.compile("POST" + _STARTUP), "api", Platform._store_startup),
    (re.compile("GET" + _STARTUP), "api", Platform._read_startup),
    (re.compile("DELETE" + _STARTUP), "api", Platform._delete_startup),
    (re.compile(r"PUT /v1/accounts/([^/]+)"), "api", Platform._update_account),
    (re.compile(r"POST /v2/resources/storage/signed-url"), "api", Platform._sign),
    (re.compile(r"POST /objects"), "storage", Platform._create_object),
    (re.compile(r"PUT /objects/([^/]+)"), "storage", Platform._put_object),
    (re.compile(r"GET /objects/([^/]+)"), "storage", Platform._get_object),
    (re.compile(r"DELETE /objects/([^/]+)"), "storage", Platform._delete_object),
    (re.compile(r"PUT /signed/([^/]+)"), None, Platform._put_object),
    (re.compile(r"GET /signed/([^/]+)"), None, Platform._get_object),
    (re.compile(r"[A-Z]+ /hook/([^/]+)/?"), None, Platform._call_hook),
)
