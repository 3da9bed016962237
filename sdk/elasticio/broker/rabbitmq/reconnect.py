"""One connection with one channel, reopened each time it is lost. Everything here runs on the I/O thread."""

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import pika
from pika import exceptions
from pika.channel import Channel

from elasticio.broker.rabbitmq.connection import StreamConnection
from elasticio.broker.rabbitmq.transaction import Transactions
from elasticio.errors import BrokerError

log = logging.getLogger("sailor")

_CLOSE_TIMEOUT = 10.0  # seconds for the broker to confirm the end of a connection
_LONGEST_PAUSE = 2.0  # seconds between two attempts to reconnect


@dataclass(frozen=True)
class ReconnectPolicy:
    """How many attempts follow a failed first one, and the pause between attempts (seconds).

    The limit holds for the start only. A connection that is lost later is reopened without a limit: if the step gave
    up, the next container would process all messages in flight a second time.
    """

    attempts: int
    pause: float


class Session:
    """A connection and its channel, from their opening to their loss.

    `is_up` tells whether the channel can be used. `down` is done with the reason once it cannot.
    """

    connection: StreamConnection
    channel: Channel

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.is_up = True
        self.down: asyncio.Future[Exception] = loop.create_future()
        self.transactions: Transactions | None = None
        self._loop = loop
        self._opened: asyncio.Future[pika.connection.Connection] = loop.create_future()
        self._closed = loop.create_future()

    @property
    def is_closed(self) -> bool:
        """Whether the connection is closed."""
        return self._closed.done()

    async def open(self, parameters: pika.URLParameters) -> None:
        """Open connection and channel; raises the reason why that failed."""
        self.connection = StreamConnection(
            parameters,
            self._loop,
            on_open=self._connection_opened,
            on_open_error=self._connection_failed,
            on_close=self._connection_closed,
        )
        await self._opened
        opened = self._loop.create_future()
        self.connection.channel(on_open_callback=opened.set_result)
        self.channel = await self._answer(opened)
        self.channel.add_on_close_callback(self._channel_closed)

    async def call(self, method: Callable[..., object], *arguments: Any, **named: Any) -> Any:
        """Call a method of pika that has a `callback`, and return the broker's answer.

        Raises the reason if the session ends first.
        """
        answered = self._loop.create_future()
        method(*arguments, callback=answered.set_result, **named)
        return await self._answer(answered)

    def begin_transactions(self) -> Transactions:
        """Return the channel's transactions; the channel stays in this mode."""
        if self.transactions is None:
            self.transactions = Transactions(self.channel, self.end)
        return self.transactions

    def end(self, reason: Exception) -> None:
        """End the session for this reason, unless it has ended before, and close what is still open."""
        if not self.is_up:
            return
        self.is_up = False
        self.down.set_result(reason)
        if self.transactions:
            self.transactions.session_lost()
        if not (self.is_closed or self.connection.is_closing or self.connection.is_closed):
            self.connection.close()

    async def close(self) -> None:
        """End the session; the broker reads everything that was sent before."""
        self.end(exceptions.ConnectionClosedByClient(200, "closing"))
        if not self.is_closed:
            await asyncio.wait({self._closed}, timeout=_CLOSE_TIMEOUT)

    async def _answer(self, answered: "asyncio.Future[Any]") -> Any:
        await asyncio.wait({answered, self.down}, return_when=asyncio.FIRST_COMPLETED)
        if answered.done():
            return answered.result()
        raise self.down.result()

    def _connection_opened(self, connection: pika.connection.Connection) -> None:
        if not self._opened.done():
            self._opened.set_result(connection)

    def _connection_failed(self, _connection: object, error: BaseException) -> None:
        self._closed.set_result(None)
        if not self._opened.done():
            self._opened.set_exception(error)

    def _connection_closed(self, _connection: object, error: Exception) -> None:
        self._closed.set_result(None)
        self.end(error)

    def _channel_closed(self, _channel: object, error: Exception) -> None:
        self.end(error)


class SessionUser(Protocol):
    """The part of the broker that uses a connection."""

    async def session_opened(self, session: Session) -> None:
        """Prepare a new session before it counts as open; raises if that fails."""

    def session_lost(self, reason: Exception) -> None:
        """Handle the loss of the session."""

    def reconnect_failed(self, reason: Exception) -> None:
        """Handle a failed attempt to reconnect."""


class RecoveringConnection:
    """Keeps one session open. `session` is None while there is none; `user` must be set before `open`."""

    user: SessionUser

    def __init__(
        self, loop: asyncio.AbstractEventLoop, parameters: pika.URLParameters, policy: ReconnectPolicy
    ) -> None:
        self.session: Session | None = None
        self._loop = loop
        self._parameters = parameters
        self._policy = policy
        self._keeper: asyncio.Task[None] | None = None
        self._sessions: list[Session] = []  # those whose connection may still be open

    async def open(self) -> None:
        """Open the first session; raises BrokerError after the last attempt."""
        for attempt in range(self._policy.attempts + 1):
            if attempt:
                await asyncio.sleep(self._policy.pause)
            try:
                await self._open_session()
                break
            except (exceptions.AMQPError, OSError) as error:
                failure = error
        else:
            raise BrokerError(self._explain(failure)) from failure
        self._keeper = self._loop.create_task(self._keep_open())

    async def close(self) -> None:
        """Stop reconnecting and close all sessions."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait({self._keeper})
        self.session = None
        for session in self._sessions:
            await session.close()

    async def _open_session(self) -> None:
        session = Session(self._loop)
        self._sessions = [*(earlier for earlier in self._sessions if not earlier.is_closed), session]
        try:
            await session.open(self._parameters)
            await self.user.session_opened(session)
        except BaseException:
            await session.close()
            raise
        self.session = session

    async def _keep_open(self) -> None:
        while self.session is not None:
            reason = await asyncio.shield(self.session.down)  # cancelling this task must not end the session
            self.session = None
            self.user.session_lost(reason)
            log.error("Connection to RabbitMQ lost, reconnecting: %s", self._explain(reason))
            await self._reconnect()

    async def _reconnect(self) -> None:
        pause = self._policy.pause
        while True:
            try:
                await self._open_session()
            except Exception as error:  # noqa: BLE001 (for whatever reason, a step must not stay without its broker)
                self.user.reconnect_failed(error)
                log.error("RabbitMQ is not back yet, next attempt in %.1f s: %s", pause, self._explain(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                log.info("Connection to RabbitMQ restored")
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
            why = os.strerror(error.errno)  # asyncio's own text repeats the address
        return f"RabbitMQ at {where} cannot be reached: {why}"
