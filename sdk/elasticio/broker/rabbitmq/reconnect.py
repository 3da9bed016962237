"""One connection with one channel, reopened each time it is lost. All code runs on the I/O thread."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import pika
from pika import exceptions
from pika.channel import Channel

from elasticio.broker.rabbitmq.connection import IoThread, StreamConnection
from elasticio.broker.rabbitmq.reasons import describe, describe_login, is_worth_logging
from elasticio.broker.rabbitmq.transaction import Transactions
from elasticio.errors import BrokerError

log = logging.getLogger("sailor")

_CLOSE_TIMEOUT = 10.0  # seconds for the broker to confirm the end of a connection
_STABLE_AFTER = 10.0  # seconds after which a connection has proved stable
_LONGEST_PAUSE = 60.0  # seconds between two attempts to reconnect
_GROWTH = 1.5  # factor from pause to pause: a pause is about half of the time that the broker was unavailable
_CHANNEL_ONLY = (exceptions.AMQPChannelError, BrokerError)  # reasons that leave the connection open


@dataclass(frozen=True)
class ReconnectPolicy:
    """The number of attempts after a failed first one, and the pause between attempts (seconds).

    The number applies to the start only. A connection that is lost later is reopened without a limit. If the step gave
    up, the next container would process all messages in flight a second time. The first attempt to reopen follows at
    once. The pauses then grow until a connection proves stable: it is open for some seconds, or the broker confirms
    a message on it.
    """

    attempts: int
    pause: float

    def pause_before(self, attempt: int) -> float:
        """Return the pause in seconds before an attempt to reopen. The first attempt has the number 0."""
        return 0.0 if attempt == 0 else float(min(self.pause * _GROWTH ** min(attempt - 1, 100), _LONGEST_PAUSE))


class Session:
    """A connection and its channel, from their opening to their loss.

    `is_up` tells whether the channel can be used. `down` ends with the reason when it cannot. `has_proved_stable` is
    set after the first confirm of the broker.
    """

    connection: StreamConnection
    channel: Channel

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.is_up = True
        self.down: asyncio.Future[Exception] = loop.create_future()
        self.has_proved_stable = False
        self.opened_at = loop.time()
        self.transactions: Transactions | None = None
        self._loop = loop
        self._opened: asyncio.Future[pika.connection.Connection] = loop.create_future()
        self._closed = loop.create_future()

    @property
    def is_closed(self) -> bool:
        """Whether the connection is closed."""
        return self._closed.done()

    async def open(self, parameters: pika.URLParameters) -> None:
        """Open the connection and the channel; raises the reason of a failure."""
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
        self.channel = await self._response(opened)
        self.channel.add_on_close_callback(self._channel_closed)

    async def call(self, method: Callable[..., object], *arguments: Any, **named: Any) -> Any:
        """Call a method of pika that has a `callback`, and return the broker's response.

        Raises the reason if the session ends first.
        """
        received = self._loop.create_future()
        method(*arguments, callback=received.set_result, **named)
        return await self._response(received)

    def begin_transactions(self) -> Transactions:
        """Return the channel's transactions. The channel stays in transaction mode."""
        if self.transactions is None:
            self.transactions = Transactions(self.channel, self.end)
        return self.transactions

    def end(self, reason: Exception) -> None:
        """End the session with a reason, unless it has ended before, and close its connection."""
        if not self.is_up:
            return
        self.is_up = False
        self.down.set_result(reason)
        if self.transactions:
            self.transactions.session_lost(reason)
        if not (self.is_closed or self.connection.is_closing or self.connection.is_closed):
            self.connection.close()
            self._loop.call_later(_CLOSE_TIMEOUT, self.abort)

    async def close(self, timeout: float) -> None:
        """End the session. The broker has `timeout` seconds to read the frames sent before."""
        self.end(exceptions.ConnectionClosedByClient(200, "closing"))
        if not self.is_closed:
            await asyncio.wait({self._closed}, timeout=timeout)
        self.abort()

    def abort(self) -> None:
        """Close the connection without waiting for the broker."""
        if not self.is_closed:
            self.connection.abort()

    async def _response(self, received: "asyncio.Future[Any]") -> Any:
        await asyncio.wait({received, self.down}, return_when=asyncio.FIRST_COMPLETED)
        if received.done():
            return received.result()
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
    """The consumer or the publisher that uses a connection."""

    async def session_opened(self, session: Session) -> None:
        """Prepare a new session before it counts as open; raises if that fails."""

    def session_lost(self, reason: Exception) -> None:
        """Handle the loss of the session."""

    def reconnect_failed(self, reason: Exception) -> None:
        """Handle a failed attempt to reopen the connection."""


class RecoveringConnection:
    """Keeps one session open. `session` is None while there is none; `user` must be set before `open`.

    `name` identifies the connection in log lines.
    """

    user: SessionUser

    def __init__(self, io: IoThread, name: str, parameters: pika.URLParameters, policy: ReconnectPolicy) -> None:
        self.session: Session | None = None
        self._io = io
        self._facts = f"connection={name} broker={parameters.host}:{parameters.port}"
        self._parameters = parameters
        self._policy = policy
        self._attempt = 0  # the number of the next attempt to reopen
        self._keeper: asyncio.Task[None] | None = None
        self._sessions: list[Session] = []  # those whose connection may still be open

    @property
    def is_up(self) -> bool:
        """Whether there is a session that can be used. May be read on any thread."""
        session = self.session
        return session is not None and session.is_up

    async def open(self) -> None:
        """Open the first session; raises BrokerError after the last attempt."""
        failures = 0
        while True:
            try:
                await self._open_session()
                return
            except (exceptions.AMQPError, OSError) as error:
                failures += 1
                reason = describe_login(error, self._parameters)
                if failures > self._policy.attempts:
                    raise BrokerError(reason) from error
            if is_worth_logging(failures):
                log.warning(
                    "Failed to connect to RabbitMQ, retrying: %s attempt=%d next_in=%.1fs reason=%r",
                    *(self._facts, failures, self._policy.pause, reason),
                )
            await asyncio.sleep(self._policy.pause)

    def keep_open(self) -> None:
        """Reopen the session each time it is lost."""
        self._keeper = self._io.loop.create_task(self._reopen_each_time())
        self._keeper.add_done_callback(self._keeper_ended)

    async def close(self, timeout: float) -> None:
        """Stop reopening and close all sessions within `timeout` seconds."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait({self._keeper})
        self.session = None
        await asyncio.gather(*(session.close(timeout) for session in self._sessions))

    async def _open_session(self) -> None:
        session = Session(self._io.loop)
        self._sessions = [*(earlier for earlier in self._sessions if not earlier.is_closed), session]
        try:
            await session.open(self._parameters)
            session.connection.add_on_connection_blocked_callback(self._blocked)
            session.connection.add_on_connection_unblocked_callback(self._unblocked)
            await self.user.session_opened(session)
        except BaseException as error:
            session.end(error if isinstance(error, Exception) else exceptions.ConnectionOpenAborted())
            raise
        self.session = session

    async def _reopen_each_time(self) -> None:
        while self.session:
            session = self.session
            reason = await asyncio.shield(session.down)  # cancelling this task must not end the session
            self.session = None
            if self._io.loop.time() - session.opened_at >= _STABLE_AFTER:
                self._attempt = 0
            elif session.has_proved_stable or (session.transactions and session.transactions.has_committed):
                self._attempt = min(self._attempt, 1)
            self.user.session_lost(reason)
            if isinstance(reason, _CHANNEL_ONLY):
                log.warning("Channel closed by RabbitMQ, reconnecting: %s reason=%r", self._facts, describe(reason))
            else:
                log.warning("Connection to RabbitMQ lost, reconnecting: %s reason=%r", self._facts, describe(reason))
            await self._reopen()

    async def _reopen(self) -> None:
        failures = 0
        while True:
            pause = self._policy.pause_before(self._attempt)
            await asyncio.sleep(pause)
            self._attempt += 1
            try:
                await self._open_session()
            except Exception as error:  # noqa: BLE001 (a step must try to reconnect after every error)
                failures += 1
                if is_worth_logging(failures):
                    log.warning(
                        "Failed to reconnect to RabbitMQ, retrying: %s attempt=%d next_in=%.1fs reason=%r",
                        *(self._facts, failures, self._policy.pause_before(self._attempt)),
                        describe_login(error, self._parameters),
                    )
                self.user.reconnect_failed(error)
            else:
                log.info("Connection to RabbitMQ restored: %s", self._facts)
                return

    def _keeper_ended(self, keeper: "asyncio.Task[None]") -> None:
        if not keeper.cancelled():
            self._io.fail(keeper.exception() or BrokerError("the connection to RabbitMQ is no longer reopened"))

    def _blocked(self, _connection: object, frame: Any) -> None:
        log.warning(
            "RabbitMQ has blocked the connection, publications wait: %s reason=%r", self._facts, frame.method.reason
        )

    def _unblocked(self, _connection: object, _frame: object) -> None:
        log.info("RabbitMQ has unblocked the connection: %s", self._facts)
