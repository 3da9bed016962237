"""Publishing with confirms: a publication is done when the broker has confirmed it."""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pika
from pika import exceptions, frame, spec
from pika.frame import Method

from elasticio.broker import OnEnd, Publication
from elasticio.broker.rabbitmq.connection import CHANNEL, IoThread
from elasticio.broker.rabbitmq.reconnect import RecoveringConnection, Session
from elasticio.errors import BrokerError

log = logging.getLogger("sailor")


@dataclass(frozen=True, slots=True)
class EncodedPublication:
    """The method and header frames of a publication, and its body, which is not yet split into frames."""

    head: bytes
    body: bytes


class PublicationEncoder:
    """Encodes publications to one exchange. Used by worker threads, so that the I/O thread only writes."""

    def __init__(self, exchange: str, persistent: bool) -> None:
        self._exchange = exchange
        self._delivery_mode = 2 if persistent else 1

    def encode(self, publication: Publication, failures: int = 0) -> EncodedPublication:
        """Encode a publication; `failures` is the number of failed attempts to publish it."""
        headers = {name: _field(value) for name, value in publication.headers.items()}
        if failures:
            headers["retry"] = failures
        method = spec.Basic.Publish(
            exchange=self._exchange, routing_key=publication.routing_key, mandatory=publication.mandatory
        )
        properties = pika.BasicProperties(**publication.properties, headers=headers, delivery_mode=self._delivery_mode)
        head = frame.Method(CHANNEL, method).marshal()
        head += frame.Header(CHANNEL, len(publication.body), properties).marshal()
        return EncodedPublication(head, publication.body)


def _field(value: Any) -> Any:
    """Convert a header's value to one that pika can write: it cannot write fractions."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else str(value)
    if isinstance(value, Mapping):
        return {name: _field(item) for name, item in value.items()}
    return [_field(item) for item in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class PublishRetry:
    """The total number of attempts, the pause after the first one and the longest pause (seconds)."""

    attempts: float
    pause: float
    longest_pause: float

    def pause_after(self, failures: int) -> float:
        """Return the pause after so many failures."""
        return min(self.pause * 2.0 ** min(failures - 1, 30), self.longest_pause)


class _Refused(exceptions.AMQPChannelError):  # type: ignore[misc]
    """The broker answered with a negative confirm."""


class _Pending:
    """A publication without a confirm, and how often it has failed."""

    __slots__ = ("encoded", "failures", "on_end", "publication")

    def __init__(self, publication: Publication, encoded: EncodedPublication, on_end: OnEnd) -> None:
        self.publication = publication
        self.encoded = encoded
        self.on_end = on_end
        self.failures = 0


class Publisher:
    """Publishes for any number of threads over one channel."""

    def __init__(
        self, io: IoThread, connection: RecoveringConnection, encoder: PublicationEncoder, retry: PublishRetry
    ) -> None:
        self._io = io
        self._connection = connection
        connection.user = self
        self._encoder = encoder
        self._retry = retry
        # Used on the I/O thread only
        self._closed: Exception | None = None
        self._last_tag = 0
        self._unconfirmed: dict[int, _Pending] = {}
        self._waiting: deque[_Pending] = deque()  # for a session
        self._pausing: dict[_Pending, asyncio.TimerHandle] = {}

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        """Encode in the calling thread, then publish; see `elasticio.broker.Broker.publish`."""
        self._io.do(self._send, _Pending(publication, self._encoder.encode(publication), on_end))

    async def open(self) -> None:
        """Connect."""
        await self._connection.open()

    async def close(self) -> None:
        """Close; publications without a confirm fail."""
        self._closed = exceptions.ConnectionClosedByClient(200, "the step is closing")
        await self._connection.close()
        pausing, self._pausing = self._pausing, {}
        for pending, timer in pausing.items():
            timer.cancel()
            self._failed(pending, self._closed)
        self.session_lost(self._closed)
        self.reconnect_failed(self._closed)

    async def session_opened(self, session: Session) -> None:
        """Turn on confirms."""
        await session.call(session.channel.confirm_delivery, self._confirmed)
        session.channel.add_on_return_callback(_returned)
        self._last_tag = 0
        self._io.loop.call_soon(self._send_waiting)  # once the connection has this session

    def session_lost(self, reason: Exception) -> None:
        """Count a failure for each publication without a confirm."""
        unconfirmed, self._unconfirmed = self._unconfirmed, {}
        for pending in unconfirmed.values():
            self._failed(pending, reason)

    def reconnect_failed(self, reason: Exception) -> None:
        """Count a failure for each publication that waits."""
        waiting, self._waiting = self._waiting, deque()
        for pending in waiting:
            self._failed(pending, reason)

    def _send_waiting(self) -> None:
        waiting, self._waiting = self._waiting, deque()
        for pending in waiting:
            self._send(pending)

    def _send(self, pending: _Pending) -> None:
        session = self._connection.session
        if self._closed:
            self._failed(pending, self._closed)
        elif session is None or not session.is_up:
            self._waiting.append(pending)
        else:
            self._last_tag += 1
            self._unconfirmed[self._last_tag] = pending
            session.connection.send_message(pending.encoded.head, pending.encoded.body)

    def _send_again(self, pending: _Pending) -> None:
        self._pausing.pop(pending, None)
        self._send(pending)

    def _confirmed(self, answer: "Method") -> None:
        confirm = answer.method
        if confirm.multiple:
            tags = [tag for tag in self._unconfirmed if tag <= confirm.delivery_tag]
        else:
            tags = [confirm.delivery_tag]
        for tag in tags:
            if pending := self._unconfirmed.pop(tag, None):
                if isinstance(confirm, spec.Basic.Ack):
                    pending.on_end(None)
                else:
                    self._failed(pending, _Refused("the broker refused the message"))

    def _failed(self, pending: _Pending, error: Exception) -> None:
        """Try again: after a pause if the broker refused, otherwise as soon as there is a connection."""
        pending.failures += 1
        if pending.failures >= self._retry.attempts or self._closed:
            message_id = pending.publication.headers.get("messageId")
            failure = BrokerError(f"Failed on publishing {message_id} message to MQ: {error}")
            failure.__cause__ = error
            pending.on_end(failure)
            return
        log.warning("Retrying a publication that was not confirmed: %s", error)
        pending.encoded = self._encoder.encode(pending.publication, pending.failures)
        if isinstance(error, exceptions.AMQPChannelError):
            pause = self._retry.pause_after(pending.failures)
            self._pausing[pending] = self._io.loop.call_later(pause, self._send_again, pending)
        else:
            self._waiting.append(pending)


def _returned(_channel: object, method: Any, _properties: object, _body: object) -> None:
    log.warning("Dropped a message: no queue is bound to its routing key %r", method.routing_key)
