"""The ASGI application: `/v2` is the API, `/sandbox` the admin API, `/` the web page.

The API bypasses the web framework for speed: benchmarks and simulations measure against it.
"""

import asyncio
import contextlib
import logging
from typing import Any

from starlette.types import Receive, Scope, Send

from callfire_sandbox.api import openapi, swagger
from callfire_sandbox.api.callfire import ROUTER, Response, error_response
from callfire_sandbox.api.operation import Operation
from callfire_sandbox.errors import ApiError
from callfire_sandbox.web.admin import create_admin
from callfire_sandbox.web.bodies import has_body, read_body
from callfire_sandbox.web.control import Control
from callfire_sandbox.web.faults import Fault
from callfire_sandbox.web.hosts import AllowedHosts
from callfire_sandbox.web.limits import Limits
from callfire_sandbox.web.responses import fail, write
from callfire_sandbox.web.webhook_sender import WebhookSender
from callfire_sandbox.world.table import encode

logger = logging.getLogger(__name__)
DESCRIPTIONS = {"/api-docs/swagger.json": swagger.describe, "/api-docs/openapi.json": openapi.describe}
LONGEST_NAP = 1.0
LOGGED_PATH = 500


class Application:
    """The ASGI application of one sandbox."""

    def __init__(self, control: Control, hosts: AllowedHosts, limits: Limits) -> None:
        self.connections: dict[Any, asyncio.Transport] = {}
        self._control = control
        self._hosts = hosts
        self._limits = limits
        self._sandbox = control.sandbox
        self._world = control.world
        self._admin = create_admin(control, limits)
        self._webhook_sender = WebhookSender(control.world, control.save)
        self._wake = asyncio.Event()
        self._planned = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or the lifespan of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        try:
            self._check(scope)
        except ApiError as error:
            await write(send, error_response(error))
            return
        if scope["path"].startswith("/v2/"):
            await self._api(scope, receive, send)
        else:
            await self._admin(scope, receive, send)
        self.settle()

    def settle(self) -> None:
        """Send pending webhook deliveries and wake the scheduler in time for the next task."""
        self._webhook_sender.send_out()
        due = self._world.tasks.next_due()
        if due is not None and due < self._planned:
            self._wake.set()

    def _check(self, scope: Scope) -> None:
        """Raise ApiError for a host that is not allowed or a request target that is too long."""
        for name, value in scope["headers"]:
            if name == b"host":
                self._hosts.check(value)
        if len(scope["raw_path"]) + len(scope["query_string"]) > self._limits.target_bytes:
            raise ApiError(f"The URL is too long. The maximum is {self._limits.target_bytes} bytes.", status=414)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        work = asyncio.create_task(self._tick())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        self._webhook_sender.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _tick(self) -> None:
        """Run tasks when they fall due, as long as the server runs."""
        world = self._world
        while True:
            try:
                if world.tasks.run_due(world):
                    self._sandbox.save()
            except Exception:
                logger.exception("A scheduled task failed")
            self._webhook_sender.send_out()
            due, now = world.tasks.next_due(), world.clock.now()
            nap = LONGEST_NAP if due is None else min(max((due - now) / 1000, 0.001), LONGEST_NAP)
            self._planned = now + nap * 1000
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), nap)

    async def _api(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["raw_path"].decode("latin-1").removeprefix("/v2")
        if describe := DESCRIPTIONS.get(path):
            description = encode(describe(self._world.base_url))
            return await write(send, Response(200, description, {"Content-Type": "application/json"}))
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body: bytes | Response | None = b""
        if has_body(headers):
            body = await self._read(method, path, headers, receive)
        if body is None:
            return None
        fault = self._fault(method, path) if self._control.faults else None
        if fault and not fault.carriedOut:
            self._log(method, path, 0, fault)
            return await self._fail(fault, None, scope, receive, send)
        if isinstance(body, Response):
            response = body
        else:
            response = self._handle(method, path, scope["query_string"].decode("latin-1"), headers, body)
        self._log(method, path, response.status, fault)
        if fault:
            return await self._fail(fault, response, scope, receive, send)
        return await write(send, response)

    async def _read(self, method: str, path: str, headers: dict[str, str], receive: Receive) -> bytes | Response | None:
        """Return the body, None if the client disconnects, or the response to a request that is not admitted.

        The body of a request with a wrong path or login is not read.
        """
        try:
            operation, _ = self._sandbox.admit(method, path, headers)
            return await read_body(receive, headers, self._max_bytes(operation))
        except ApiError as error:
            response = error_response(error)
            # A client that waits for "100 Continue" may send the body or not, so the connection cannot be reused.
            return Response(response.status, response.body, {**response.headers, **_closing(headers)})

    def _max_bytes(self, operation: Operation) -> int:
        limits = self._limits
        return operation.max_bytes or (limits.upload_bytes if operation.form else limits.json_bytes)

    def _handle(self, method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> Response:
        try:
            return self._sandbox.handle(method, path, query, headers, body)
        except Exception:
            logger.exception("Request failed: %s %s", method, path[:LOGGED_PATH])
            return error_response(ApiError("The sandbox failed. Its log contains the cause.", status=500))

    async def _fail(self, fault: Fault, response: Response | None, scope: Scope, receive: Receive, send: Send) -> None:
        await fail(fault, response, scope=scope, receive=receive, send=send, connections=self.connections)

    def _log(self, method: str, path: str, status: int, fault: Fault | None) -> None:
        at, shown = self._world.clock.now(), path[:LOGGED_PATH]
        entry = {"at": at, "method": method, "path": shown, "status": status, "fault": fault.effect if fault else None}
        self._control.requests.append(entry)

    def _fault(self, method: str, path: str) -> Fault | None:
        try:
            name = ROUTER.find(method, path)[0].id
        except ApiError:
            name = ""
        fault = self._control.faults.take(name, method, path)
        if fault:
            self._world.feed.tell("faults", {"id": fault.id})
        return fault


def _closing(headers: dict[str, str]) -> dict[str, str]:
    return {"Connection": "close"} if "expect" in headers else {}
