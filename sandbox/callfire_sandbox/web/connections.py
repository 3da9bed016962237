"""HTTP connections: recorded, so that a fault can cut one off, and closed if a request stays incomplete."""

import asyncio
import socket
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from callfire_sandbox.errors import ApiError
from callfire_sandbox.web.limits import Limits
from callfire_sandbox.world.table import encode

TIMEOUT = ApiError("The request was not complete in time.", status=408)
TIMEOUT.code = "request_timeout"


class Connection(H11Protocol):
    """A connection that must deliver each request within the limits.

    uvicorn limits only the idle time between requests. A timer here covers a request head or body that has begun.
    """

    transports: ClassVar[dict[Any, asyncio.Transport]]
    limits: ClassVar[Limits]

    _timer: asyncio.TimerHandle | None = None
    _awaited: Any = None
    """The part of a request that the timer covers: h11.IDLE is the head, h11.SEND_BODY the body."""
    _received = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Record the connection and wait for a request head."""
        self._peer = transport.get_extra_info("peername")[:2]
        self.transports[self._peer] = transport
        # asyncio sets this option only on sockets created with a protocol number; create_server sets none.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
        self._await(h11.IDLE)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.transports.pop(self._peer, None)
        self._await(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Process data, and wait for what is still missing."""
        self._received = True
        super().data_received(data)
        self._await(self.conn.their_state)

    def on_response_complete(self) -> None:
        """Wait for the body of a pipelined request. uvicorn itself limits the time of an idle connection."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._await(h11.SEND_BODY)

    def _await(self, state: Any) -> None:
        if state is self._awaited:
            return
        self._awaited = state
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if state is h11.IDLE or state is h11.SEND_BODY:
            seconds = self.limits.head_seconds if state is h11.IDLE else self.limits.body_seconds
            self._timer = self.loop.call_later(seconds, self._time_out)

    def _time_out(self) -> None:
        if self.transport.is_closing():
            return
        responding = self._awaited is h11.SEND_BODY and self.cycle.response_started
        if self._received and not responding:
            self.transport.write(_timeout_response())
        self.transport.close()


def connection_class(transports: dict[Any, asyncio.Transport], limits: Limits) -> type[asyncio.Protocol]:
    """Return a protocol class that keeps its open connections in `transports`, by address and port of the client."""
    return type("SandboxConnection", (Connection,), {"transports": transports, "limits": limits})


def _timeout_response() -> bytes:
    body = encode(TIMEOUT.body())
    head = f"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/json\r\n\r\n".encode() + body
