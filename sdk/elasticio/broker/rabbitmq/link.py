"""One connection with one channel, opened again each time it is lost. Everything here runs on the I/O loop."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pika
from pika import exceptions
from pika.channel import Channel

from elasticio.broker.rabbitmq.connection import StreamConnection
from elasticio.errors import BrokerError

log = logging.getLogger("sailor")

_FAREWELL = 10.0  # seconds that the broker has to agree to the end
_LONGEST_PAUSE = 2.0  # seconds; a broker that is back should not wait longer for us

T = TypeVar("T")


@dataclass(frozen=True)
class Reconnect:
    """How often to try again when a connection is opened for the first time, and the pause between tries (seconds).

    A connection that was lost later is tried for as long as it takes, with growing pauses: giving up would have all
    messages in hand done a second time by the next container.
    """

    attempts: int
    pause: float


class Session:
    """A connection and its channel, from their opening to their loss: `down` is done then, with the reason."""

    channel: Channel

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.down: asyncio.Future[Exception] = loop.create_future()
        self._connection: StreamConnection | None = None
        self._gone = loop.create_future()

    @property
    def is_up(self) -> bool:
        """Whether the channel can be used."""
        return not self.down.done()

    @property
    def is_gone(self) -> bool:
        """Whether its connection is closed, or was never opened."""
        return self._connection is None or self._gone.done()

    async def open(self, parameters: pika.URLParameters, loop: asyncio.AbstractEventLoop) -> None:
        """Open both, or raise what went wrong."""
        opened: asyncio.Future[pika.connection.Connection] = loop.create_future()

        def failed(_: object, error: BaseException) -> None:
            self._gone.set_result(None)
            if not opened.done():
                opened.set_exception(error)

        def closed(_: object, error: Exception) -> None:
            self._gone.set_result(None)
            self.end(error)

        connection = self._connection = StreamConnection(
            parameters, loop, on_open=opened.set_result, on_open_error=failed, on_close=closed
        )
        await opened
        self.channel = await self.answer(lambda done: connection.channel(on_open_callback=done))
        self.channel.add_on_close_callback(lambda _, error: self.end(error))

    async def answer(self, ask: Callable[[Callable[[Any], None]], object]) -> Any:
        """Ask the broker something and return its answer; raises the reason where the session ends instead."""
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        ask(lambda value: None if answered.done() else answered.set_result(value))
        await asyncio.wait({answered, self.down}, return_when=asyncio.FIRST_COMPLETED)
        if answered.done():
            return answered.result()
        raise self.down.result()

    def end(self, reason: Exception) -> None:
        """End it for this reason, unless it has ended before; what is left open is closed."""
        if self.down.done():
            return
        self.down.set_result(reason)
        if self._connection and not (self._connection.is_closing or self._connection.is_closed):
            self._connection.close()

    async def close(self) -> None:
        """End it in the orderly way that lets the broker see all that was sent."""
        self.end(exceptions.ConnectionClosedByClient(200, "closing"))
        if not self.is_gone:
            await asyncio.wait({self._gone}, timeout=_FAREWELL)


class Link:
    """Keeps a session open.

    `on_up` prepares each new session before it counts as open; `on_down` hears of its loss, `on_failure` of every
    attempt that failed to bring it back.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, parameters: pika.URLParameters, reconnect: Reconnect) -> None:
        self._loop = loop
        self._parameters = parameters
        self._reconnect = reconnect
        self._keeper: asyncio.Task[None] | None = None
        self._sessions: list[Session] = []  # whose connections may not be closed yet
        self.session: Session | None = None
        self.on_up: Callable[[Session], Awaitable[None]]
        self.on_down: Callable[[Exception], None]
        self.on_failure: Callable[[Exception], None] = lambda _: None

    async def open(self) -> None:
        """Open it for the first time; raises BrokerError after the last attempt."""
        for attempt in range(self._reconnect.attempts + 1):
            if attempt:
                await asyncio.sleep(self._reconnect.pause)
            try:
                await self._open_once()
                break
            except (exceptions.AMQPError, OSError) as error:
                failure = error
        else:
            raise BrokerError(self._explain(failure)) from failure
        self._keeper = self._loop.create_task(self._keep())

    async def close(self) -> None:
        """Close it for good."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait({self._keeper})
        self.session = None
        for session in self._sessions:
            await session.close()

    async def _open_once(self) -> None:
        session = Session(self._loop)
        self._sessions = [*(earlier for earlier in self._sessions if not earlier.is_gone), session]
        try:
            await session.open(self._parameters, self._loop)
            await self.on_up(session)
        except BaseException:
            await session.close()
            raise
        self.session = session

    async def _keep(self) -> None:
        while True:
            reason = await self._session_down()
            self.session = None
            self.on_down(reason)
            log.error("The connection to RabbitMQ was lost and is opened again: %s", self._explain(reason))
            await self._reopen()

    async def _session_down(self) -> Exception:
        if self.session is None:
            return BrokerError("closed")
        reason: Exception = await asyncio.shield(self.session.down)  # a cancelled keeper is no lost session
        return reason

    async def _reopen(self) -> None:
        pause = self._reconnect.pause
        while True:
            try:
                await self._open_once()
            except Exception as error:  # noqa: BLE001 (whatever it is, a step must not stay without its broker)
                self.on_failure(error)
                log.error("RabbitMQ is not back yet, next attempt in %.1f s: %s", pause, self._explain(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                log.info("The connection to RabbitMQ is back")
                return

    def _explain(self, error: BaseException) -> str:
        where = f"{self._parameters.host}:{self._parameters.port}"
        login = getattr(self._parameters.credentials, "username", "")
        if isinstance(error, exceptions.AuthenticationError | exceptions.ProbableAuthenticationError):
            return f"RabbitMQ at {where} refused the login of user {login!r}; check user and password in AMQP_URI"
        if isinstance(error, exceptions.ProbableAccessDeniedError):
            vhost = self._parameters.virtual_host
            return f"RabbitMQ at {where} does not let user {login!r} into the virtual host {vhost!r}"
        if isinstance(error, exceptions.AMQPChannelError | exceptions.ConnectionClosed):
            return f"RabbitMQ at {where} says: {error.args[0]} {error.args[1]}"
        why = str(error) or type(error).__name__
        if isinstance(error, ConnectionError | TimeoutError) and error.errno:
            why = os.strerror(error.errno)  # without asyncio's words, which name the address again
        return f"RabbitMQ at {where} cannot be reached: {why}"
