"""The ASGI application: `/v2` is the API, `/sandbox` the admin API, `/` the web page.

The API bypasses the web framework for speed: benchmarks and simulations measure against it.
"""

import asyncio
import contextlib
import logging
import socket
import struct
from typing import Any

from starlette.types import Receive, Scope, Send

from sandbox.api.callfire import ROUTER, Response
from sandbox.api.description import describe
from sandbox.errors import ApiError
from sandbox.web.admin import create_admin
from sandbox.web.control import Control
from sandbox.web.faults import Fault
from sandbox.web.webhook_sender import WebhookSender
from sandbox.world.table import encode

logger = logging.getLogger(__name__)
DESCRIPTION = "/v2/api-docs/swagger.json"
LONGEST_NAP = 1.0
NO_LINGER = struct.pack("ii", 1, 0)


class Application:
    """The ASGI application of one sandbox."""

    def __init__(self, control: Control) -> None:
        self.connections: dict[Any, asyncio.Transport] = {}
        self._control = control
        self._sandbox = control.sandbox
        self._world = control.world
        self._admin = create_admin(control)
        self._webhook_sender = WebhookSender(control.world, control.save)
        self._wake = asyncio.Event()
        self._planned = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or the lifespan of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"].startswith("/v2/"):
            await self._api(scope, receive, send)
            self.settle()
        else:
            await self._admin(scope, receive, send)
            self.settle()

    def settle(self) -> None:
        """Send pending webhook deliveries and wake the scheduler in time for the next task."""
        self._webhook_sender.send_out()
        due = self._world.tasks.next_due()
        if due is not None and due < self._planned:
            self._wake.set()

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
        body = await _read(receive)
        if body is None:
            return None
        path = scope["raw_path"].decode("latin-1").removeprefix("/v2")
        if scope["path"] == DESCRIPTION:
            description = describe(self._world.base_url)
            return await _write(send, Response(200, encode(description), {"Content-Type": "application/json"}))
        fault = self._fault(scope["method"], path) if self._control.faults else None
        if fault and not fault.carriedOut:
            self._log(scope["method"], path, 0, fault)
            return await self._fail(fault, None, scope, receive, send)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode("latin-1")
        answer = self._handle(scope["method"], path, query, headers, body)
        self._log(scope["method"], path, answer.status, fault)
        if fault:
            return await self._fail(fault, answer, scope, receive, send)
        return await _write(send, answer)

    def _handle(self, method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> Response:
        try:
            return self._sandbox.handle(method, path, query, headers, body)
        except Exception:
            logger.exception("Request failed: %s %s", method, path)
            refusal = ApiError("The sandbox failed. Its log contains the cause.", status=500)
            return Response(500, encode(refusal.body()), {"Content-Type": "application/json"})

    def _log(self, method: str, path: str, status: int, fault: Fault | None) -> None:
        at = self._world.clock.now()
        entry = {"at": at, "method": method, "path": path, "status": status, "fault": fault.effect if fault else None}
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

    async def _fail(self, fault: Fault, answer: Response | None, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.effect:
            case "hang":
                # No response at all, until the caller disconnects.
                await receive()
            case "reset":
                await self._hang_up(scope, receive, reset=True)
            case "truncate":
                await _write(send, fault.answer(answer), until=len(fault.answer(answer).body) // 2)
                await self._hang_up(scope, receive, reset=False)
            case "drip":
                await _write(send, fault.answer(answer), pause=fault.milliseconds / 1000)
            case "delay":
                await asyncio.sleep(fault.milliseconds / 1000)
                await _write(send, fault.answer(answer))
            case _:
                await _write(send, fault.answer(answer))

    async def _hang_up(self, scope: Scope, receive: Receive, *, reset: bool) -> None:
        transport = self.connections.get(scope["client"][:2])
        if transport is None:
            return  # the client has already disconnected
        if reset:
            # With no linger, closing sends RST instead of FIN.
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            transport.abort()
        else:
            transport.close()
        await receive()


async def _read(receive: Receive) -> bytes | None:
    """Return the whole body, or None if the client disconnected before its end."""
    body: bytes = b""
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body
    return None


async def _write(send: Send, answer: Response, *, until: int | None = None, pause: float = 0) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
    if answer.status != 204:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if pause:
        for byte in answer.body:
            await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
            await asyncio.sleep(pause)
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.body", "body": answer.body[:until], "more_body": until is not None})
