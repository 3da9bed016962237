"""Writing responses: as they are, or spoiled by a fault."""

import asyncio
import socket
import struct
from collections.abc import Mapping
from typing import Any

from starlette.types import Receive, Scope, Send

from callfire_sandbox.api.callfire import Response
from callfire_sandbox.web.bodies import until_disconnected
from callfire_sandbox.web.faults import Fault

NO_LINGER = struct.pack("ii", 1, 0)
BODILESS = (204, 304)


async def write(send: Send, response: Response, *, until: int | None = None, pause: float = 0) -> None:
    """Send a response: up to `until` bytes of its body, or byte by byte with a `pause` in seconds."""
    headers = [(name.lower().encode(), value.encode()) for name, value in response.headers.items()]
    body = b"" if response.status in BODILESS else response.body
    if response.status != 204:
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if pause:
        for byte in body:
            await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
            await asyncio.sleep(pause)
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.body", "body": body[:until], "more_body": until is not None})


async def fail(
    fault: Fault,
    response: Response | None,
    *,
    scope: Scope,
    receive: Receive,
    send: Send,
    connections: Mapping[Any, asyncio.Transport],
) -> None:
    """Apply a fault. `response` is the real response, or None if the operation was not executed."""
    spoiled = fault.answer(response)
    match fault.effect:
        case "hang":
            await until_disconnected(receive)
        case "reset":
            await _hang_up(connections.get(scope["client"][:2]), receive, reset=True)
        case "truncate":
            await write(send, spoiled, until=len(spoiled.body) // 2)
            await _hang_up(connections.get(scope["client"][:2]), receive, reset=False)
        case "drip":
            await write(send, spoiled, pause=fault.milliseconds / 1000)
        case "delay":
            await asyncio.sleep(fault.milliseconds / 1000)
            await write(send, spoiled)
        case _:
            await write(send, spoiled)


async def _hang_up(transport: asyncio.Transport | None, receive: Receive, *, reset: bool) -> None:
    if transport is None:
        return  # the client has already disconnected
    if reset:
        # With no linger, closing sends RST instead of FIN.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        transport.abort()
    else:
        transport.close()
    await until_disconnected(receive)
