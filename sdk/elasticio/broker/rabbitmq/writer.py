"""Publishing with confirms: a publication is done when the broker says that it has it."""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import Any

import pika
from pika import exceptions
from pika.frame import Method

from elasticio.broker import OnEnd, Publication
from elasticio.broker.rabbitmq.io import IoThread
from elasticio.broker.rabbitmq.link import Link, Session
from elasticio.broker.rabbitmq.outgoing import Outlet
from elasticio.errors import BrokerError

log = logging.getLogger("sailor")


@dataclass(frozen=True)
class PublishRetry:
    """How often a publication is tried in all, the pause after the first try and the longest one (seconds)."""

    attempts: float
    pause: float
    longest_pause: float

    def pause_after(self, attempt: int) -> float:
        """Return the pause after the attempt of that number, from 0."""
        return min(self.pause * 2.0 ** min(attempt, 30), self.longest_pause)


class _Refused(exceptions.AMQPChannelError):  # type: ignore[misc]
    """The broker answered with a negative confirm."""


class _Pending:
    """A publication that is not confirmed yet, and how often it has failed."""

    __slots__ = ("failures", "on_end", "publication")

    def __init__(self, publication: Publication, on_end: OnEnd) -> None:
        self.publication = publication
        self.on_end = on_end
        self.failures = 0


class Writer:
    """Publishes for any number of threads over one channel."""

    def __init__(self, io: IoThread, link: Link, outlet: Outlet, retry: PublishRetry) -> None:
        self._io = io
        self._link = link
        link.on_up, link.on_down, link.on_failure = self._up, self._down, self._fail_waiting
        self._outlet = outlet
        self._retry = retry
        # The rest is touched on the I/O thread only
        self._closed: Exception | None = None
        self._tag = 0
        self._unconfirmed: dict[int, _Pending] = {}
        self._waiting: deque[_Pending] = deque()  # for a session
        self._pausing: dict[_Pending, asyncio.TimerHandle] = {}

    async def open(self) -> None:
        """Connect."""
        await self._link.open()

    async def close(self) -> None:
        """Close; what is not confirmed by then has failed."""
        self._closed = exceptions.ConnectionClosedByClient(200, "the step is closing")
        await self._link.close()
        pausing, self._pausing = self._pausing, {}
        for pending, timer in pausing.items():
            timer.cancel()
            self._failed(pending, self._closed)
        self._down(self._closed)
        self._fail_waiting(self._closed)

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        """Publish, as often as it takes; returns at once. `on_end` gets None, or a BrokerError after the last try."""
        self._io.do(self._send, _Pending(publication, on_end))

    async def _up(self, session: Session) -> None:
        await session.answer(
            lambda done: session.channel.confirm_delivery(ack_nack_callback=self._confirmed, callback=done)
        )
        session.channel.add_on_return_callback(_returned)
        self._tag = 0
        self._io.loop.call_soon(self._send_waiting)  # when the link has taken the session

    def _down(self, reason: Exception) -> None:
        unconfirmed, self._unconfirmed = self._unconfirmed, {}
        for pending in unconfirmed.values():
            self._failed(pending, reason)

    def _fail_waiting(self, reason: Exception) -> None:
        waiting, self._waiting = self._waiting, deque()
        for pending in waiting:
            self._failed(pending, reason)

    def _send_waiting(self) -> None:
        waiting, self._waiting = self._waiting, deque()
        for pending in waiting:
            self._send(pending)

    def _send(self, pending: _Pending) -> None:
        self._pausing.pop(pending, None)
        session = self._link.session
        if self._closed:
            self._failed(pending, self._closed)
        elif session is None or not session.is_up:
            self._waiting.append(pending)
        else:
            self._tag += 1
            self._unconfirmed[self._tag] = pending
            try:
                self._outlet.write(session.channel, pending.publication, pending.failures)
            except exceptions.AMQPError as error:
                session.end(error)  # the tags are out of step now; the loss ends this attempt too

    def _confirmed(self, frame: "Method") -> None:
        confirm = frame.method
        if confirm.multiple:
            tags = [tag for tag in self._unconfirmed if tag <= confirm.delivery_tag]
        else:
            tags = [confirm.delivery_tag]
        for tag in tags:
            if pending := self._unconfirmed.pop(tag, None):
                if isinstance(confirm, pika.spec.Basic.Ack):
                    pending.on_end(None)
                else:
                    self._failed(pending, _Refused("the broker refused the message"))

    def _failed(self, pending: _Pending, error: Exception) -> None:
        """Try again: what the broker refused after a pause, all else as soon as there is a connection."""
        pending.failures += 1
        if pending.failures >= self._retry.attempts or self._closed:
            message_id = pending.publication.headers.get("messageId")
            failure = BrokerError(f"Failed on publishing {message_id} message to MQ: {error}")
            failure.__cause__ = error
            pending.on_end(failure)
            return
        log.warning("A message was not confirmed and is published again: %s", error)
        if isinstance(error, exceptions.AMQPChannelError):
            pause = self._retry.pause_after(pending.failures - 1)
            self._pausing[pending] = self._io.loop.call_later(pause, self._send, pending)
        else:
            self._waiting.append(pending)


def _returned(_channel: object, method: Any, _properties: object, _body: object) -> None:
    log.warning("No queue takes messages with the routing key %r; the message was dropped", method.routing_key)
