"""The body of a request, read with limits for its size and its time. A body that is cut off is never complete."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAUSE = 30.0  # seconds without data before a request is given up
_DISCARDED = 64 * 1024 * 1024  # bytes of a refused body that are read and dropped, so that the client sees the answer
_DISCARD_TIME = 5.0  # seconds for that


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
            raise HTTPException(408, "the body did not arrive in time") from None
        if chunk is None:
            return
        size += len(chunk)
        if size > limit:
            raise HTTPException(413, f"the body is larger than {limit} bytes")
        yield chunk


async def whole(request: Request, limit: int, seconds: float) -> bytes:
    """Return the body of a request; raises as `chunks` does."""
    return b"".join([chunk async for chunk in chunks(request, limit, seconds)])


class AnswersBeforeClosing:
    """Lets a client read an answer that comes before its request is complete, and then closes the connection.

    A server that closes the connection while the client still sends resets it, and the client loses the answer. So the
    rest of the request is read and dropped first, within bounds.
    """

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        rest = _Rest(scope["headers"], receive)

        async def answer(message: Message) -> None:
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
            await self._application(scope, rest.receive, answer)


class _Rest:
    """What is left of a request."""

    def __init__(self, headers: Iterable[tuple[bytes, bytes]], receive: Receive) -> None:
        self._receive = receive
        given = dict(headers)
        self._is_waiting = b"expect" in given  # such a client sends no body after an answer
        self.is_complete = b"transfer-encoding" not in given and given.get(b"content-length", b"0") == b"0"
        self.is_refused = False  # answered before it was complete

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
