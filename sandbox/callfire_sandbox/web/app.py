"""The ASGI application: `/v2` is the API, `/sandbox` the admin API, `/` the web page.

The API bypasses the web framework for speed: benchmarks and simulations measure against it.
"""

import asyncio
import contextlib
import logging
from typing import Any

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from callfire_sandbox.api import openapi, swagger
from callfire_sandbox.api.callfire import ROUTER, Response, error_response
from callfire_sandbox.api.operation import Operation
from callfire_sandbox.errors import ApiError
from callfire_sandbox.web.accounts import Accounts
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
    """The ASGI application of one sandbox with all its accounts."""

    def __init__(self, accounts: Accounts, hosts: AllowedHosts, limits: Limits) -> None:
        self.connections: dict[Any, asyncio.Transport] = {}
        self._accounts = accounts
        self._hosts = hosts
        self._limits = limits
        self._admins: dict[str, Starlette] = {}
        self._senders: dict[str, WebhookSender] = {}
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

    def settle(self, control: Control) -> None:
        """Send pending webhook deliveries of an account and wake the scheduler in time for its next task."""
        self._sender(control).send_out()
        due = control.world.tasks.next_due()
        if due is not None and due < self._planned:
            self._wake.set()

    def _sender(self, control: Control) -> WebhookSender:
        sender = self._senders.get(control.name)
        if sender is None:
            sender = self._senders[control.name] = WebhookSender(control.world, control.save)
        return sender

    async def _admin(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            control, scope = self._accounts.of_admin_request(dict(scope))
        except ApiError as error:
            return await write(send, error_response(error))
        if control.name not in self._admins:
            self._admins[control.name] = create_admin(control, self._limits)
        await self._admins[control.name](scope, receive, send)
        for account in self._accounts:  # advancing the clock concerns all of them
            self.settle(account)
        return None

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
        for sender in self._senders.values():
            sender.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _tick(self) -> None:
        """Run tasks when they fall due, as long as the server runs."""
        while True:
            naps = [LONGEST_NAP]
            for control in self._accounts:
                world = control.world
                try:
                    if world.tasks.run_due(world):
                        control.save()
                except Exception:
                    logger.exception("A scheduled task failed")
                self._sender(control).send_out()
                due, now = world.tasks.next_due(), world.clock.now()
                if due is not None:
                    naps.append(max((due - now) / 1000, 0.001))
            nap = min(naps)
            self._planned = now + nap * 1000
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), nap)

    async def _api(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["raw_path"].decode("latin-1").removeprefix("/v2")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        control = self._accounts.serving(headers.get("authorization", ""), path)
        if describe := DESCRIPTIONS.get(path):
            description = encode(describe(control.world.base_url))
            return await write(send, Response(200, description, {"Content-Type": "application/json"}))
        body: bytes | Response | None = b""
        if has_body(headers):
            body = await self._read(control, method, path, headers, receive)
        if body is None:
            return None
        fault = _fault(control, method, path) if control.faults else None
        if fault and not fault.carriedOut:
            _log(control, method, path, 0, fault)
            return await self._fail(fault, None, scope, receive, send)
        if isinstance(body, Response):
            response = body
        else:
            response = _handle(
                control, method, path, scope["query_string"].decode("latin-1"), headers=headers, body=body
            )
        _log(control, method, path, response.status, fault)
        if fault:
            await self._fail(fault, response, scope, receive, send)
        else:
            await write(send, response)
        return self.settle(control)

    async def _read(
        self, control: Control, method: str, path: str, headers: dict[str, str], receive: Receive
    ) -> bytes | Response | None:
        """Return the body, None if the client disconnects, or the response to a request that is not admitted.

        The body of a request with a wrong path or login is not read.
        """
        try:
            operation, _ = control.sandbox.admit(method, path, headers)
            return await read_body(receive, headers, self._max_bytes(operation))
        except ApiError as error:
            response = error_response(error)
            # A client that waits for "100 Continue" may send the body or not, so the connection cannot be reused.
            return Response(response.status, response.body, {**response.headers, **_closing(headers)})

    def _max_bytes(self, operation: Operation) -> int:
        limits = self._limits
        return operation.max_bytes or (limits.upload_bytes if operation.form else limits.json_bytes)

    async def _fail(self, fault: Fault, response: Response | None, scope: Scope, receive: Receive, send: Send) -> None:
        await fail(fault, response, scope=scope, receive=receive, send=send, connections=self.connections)


def _handle(control: Control, method: str, path: str, query: str, *, headers: dict[str, str], body: bytes) -> Response:
    try:
        return control.sandbox.handle(method, path, query, headers, body)
    except Exception:
        logger.exception("Request failed: %s %s", method, path[:LOGGED_PATH])
        return error_response(ApiError("The sandbox failed. Its log contains the cause.", status=500))


def _log(control: Control, method: str, path: str, status: int, fault: Fault | None) -> None:
    at, shown = control.world.clock.now(), path[:LOGGED_PATH]
    entry = {"at": at, "method": method, "path": shown, "status": status, "fault": fault.effect if fault else None}
    control.requests.append(entry)


def _fault(control: Control, method: str, path: str) -> Fault | None:
    """Return the fault that hits a request, or None."""
    try:
        name = ROUTER.find(method, path)[0].id
    except ApiError:
        name = ""
    fault = control.faults.take(name, method, path)
    if fault:
        control.world.feed.tell("faults", {"id": fault.id})
    return fault


def _closing(headers: dict[str, str]) -> dict[str, str]:
    return {"Connection": "close"} if "expect" in headers else {}
