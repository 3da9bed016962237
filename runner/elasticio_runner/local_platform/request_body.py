"""Reads the body of a request with limits for size and time. A truncated body is an error."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAUSE = 30.0  # seconds without data after which a request fails
_DISCARDED = 64 * 1024 * 1024  # bytes of a refused body that are read, so that the client receives the response
_DISCARD_TIME = 5.0  # seconds for reading these bytes


async def chunks(request: Request, limit: int, seconds: float | None = None) -> AsyncIterator[bytes]:
    """Yield the body of a request.

    Raises HTTPException with 413 beyond `limit` bytes and with 408 if the body is not complete after `seconds`, or
    pauses for too long. Raises ClientDisconnect if the connection ends first.
    """
    declared = request.headers.get("content-length", "0")
    if not declared.isascii() or not declared.isdecimal() or int(declared[:20]) > limit:
        raise HTTPException(413, f"the body is larger than {limit} bytes")
    size = 0
    stream = request.stream()
    loop = asyncio.get_running_loop()
    end = None if seconds is None else loop.time() + seconds
    while True:
        wait = PAUSE if end is None else min(PAUSE, end - loop.time())
        try:
            async with asyncio.timeout(max(0.0, wait)):
                chunk = await anext(stream, None)
        except TimeoutError:
            raise HTTPException(408, "the body was not received in time") from None
        if chunk is None:
            return
        size += len(chunk)
        if size > limit:
            raise HTTPException(413, f"the body is larger than {limit} bytes")
        yield chunk


async def whole(request: Request, limit: int, seconds: float) -> bytes:
    """Return the body of a request; raises the errors of `chunks`."""
    return b"".join([chunk async for chunk in chunks(request, limit, seconds)])


class RespondsBeforeClosing:
    """Lets a client read a response that is sent before its request is complete, and then closes the connection.

    If a server closes the connection while the client still sends, the connection is reset and the client loses the
    response. A limited part of the remaining request is therefore read and discarded first.
    """

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Process one request."""
        rest = _Rest(scope["headers"], receive)

        async def respond(message: Message) -> None:
            if message["type"] == "http.response.start":
                rest.is_refused = not rest.is_complete
                closing = [(b"connection", b"close")] if rest.is_refused else []
                message = {**message, "headers": [*message.get("headers", []), *closing]}
            elif rest.is_refused and not message.get("more_body", False):
                await send({**message, "more_body": True})
                await rest.discard()
                message = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(message)

        with suppress(ClientDisconnect):
            await self._application(scope, rest.receive, respond)


class _Rest:
    """The unread rest of a request."""

    def __init__(self, headers: Iterable[tuple[bytes, bytes]], receive: Receive) -> None:
        self._receive = receive
        given = dict(headers)
        self._is_waiting = b"expect" in given  # such a client sends no body after a response
        self.is_complete = b"transfer-encoding" not in given and given.get(b"content-length", b"0") == b"0"
        self.is_refused = False  # the response was sent before the request was complete

    async def receive(self) -> Message:
        message = await self._receive()
        self.is_complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def discard(self) -> None:
        size = 0
        if self._is_waiting:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_DISCARD_TIME):
                while not self.is_complete and size < _DISCARDED:
                    size += len((await self.receive()).get("body", b""))
