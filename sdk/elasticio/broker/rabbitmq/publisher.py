"""Publishes with confirms. A publication ends when the broker has confirmed it."""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pika
from pika import exceptions, frame, spec
from pika.frame import Method

from elasticio.broker import Headers, OnEnd, Publication
from elasticio.broker.rabbitmq.connection import IoThread
from elasticio.broker.rabbitmq.frames import CHANNEL, json_header
from elasticio.broker.rabbitmq.reasons import blames_message, describe, is_worth_logging
from elasticio.broker.rabbitmq.reconnect import RecoveringConnection, Session
from elasticio.errors import BrokerError, MessageError
from elasticio.wire.publication import JSON

log = logging.getLogger("sailor")

_LONGEST_ID = 100  # characters of a message's id in an error
_ROUTING_HEADERS = ("CC", "BCC")  # RabbitMQ closes the channel if they are not lists
_FRAME_MAX = 131_072  # RabbitMQ's default


@dataclass(frozen=True, slots=True)
class EncodedPublication:
    """The encoded method and header frames of a publication, and its body as a whole."""

    head: bytes
    body: bytes


class PublicationEncoder:
    """Encodes publications to one exchange, in worker threads: the I/O thread only writes.

    `frame_max` is the broker's maximum size (bytes) of one frame, and therefore of all headers of a message.
    """

    def __init__(self, exchange: str, persistent: bool) -> None:
        self.frame_max = _FRAME_MAX
        self._exchange = exchange
        self._delivery_mode = 2 if persistent else 1

    def encode(self, publication: Publication, failures: int = 0) -> EncodedPublication:
        """Encode a publication; `failures` is the number of failed attempts to publish it.

        Raises MessageError if AMQP cannot carry it.
        """
        for name in _ROUTING_HEADERS:
            if not isinstance(publication.headers.get(name, []), list):
                raise MessageError(f"header {name}: must be a list of routing keys for RabbitMQ.")
        try:
            headers = {**publication.headers, "retry": failures} if failures else publication.headers
            method = _method_frame(self._exchange, publication.routing_key, publication.mandatory)
            body = bytes(publication.body)  # which costs nothing for bytes
            if publication.properties is JSON:
                header = json_header(headers, self._delivery_mode, len(body))
            else:
                header = self._header(publication.properties, headers, len(body))
        except Exception as error:  # noqa: BLE001 (pika raises many kinds; their texts may contain message data)
            raise MessageError(f"AMQP cannot carry the message ({type(error).__name__}).") from None
        if len(header) > self.frame_max:
            raise MessageError(
                f"the headers have {len(header)} bytes in AMQP, the maximum is {self.frame_max}. Shorten them."
            )
        return EncodedPublication(method + header, body)

    def _header(self, basic: Mapping[str, Any], headers: Headers, body_size: int) -> bytes:
        properties = pika.BasicProperties(**basic, headers=headers, delivery_mode=self._delivery_mode)
        encoded: bytes = frame.Header(CHANNEL, body_size, properties).marshal()
        return encoded


@lru_cache(maxsize=128)  # a step uses few routing keys
def _method_frame(exchange: str, routing_key: str, mandatory: bool) -> bytes:
    method = spec.Basic.Publish(exchange=exchange, routing_key=routing_key, mandatory=mandatory)
    encoded: bytes = frame.Method(CHANNEL, method).marshal()
    return encoded


@dataclass(frozen=True)
class PublishRetry:
    """The total number of attempts, the pause after the first attempt and the maximum pause (seconds)."""

    attempts: float
    pause: float
    longest_pause: float

    def pause_after(self, failures: int) -> float:
        """Return the pause in seconds after a number of failures."""
        return min(self.pause * 2.0 ** min(failures - 1, 30), self.longest_pause)


class _Refused(exceptions.AMQPChannelError):  # type: ignore[misc]
    """The broker sent a negative confirm."""


class _Pending:
    """A publication without a confirm, and the number of its failed attempts."""

    __slots__ = ("encoded", "failures", "on_end", "publication")

    def __init__(self, publication: Publication, encoded: EncodedPublication, on_end: OnEnd) -> None:
        self.publication = publication
        self.encoded = encoded
        self.on_end = on_end
        self.failures = 0


class Publisher:
    """Publishes for any number of threads over one channel.

    If the broker closes the channel because of an invalid publication, it does not name the publication. All
    publications without a confirm then become suspects: they are published again one at a time, before all others. If
    the broker closes the channel again, the suspect fails with a MessageError.
    """

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
        self._suspects: deque[_Pending] = deque()  # the first one may be in _unconfirmed too
        self._waiting: deque[_Pending] = deque()  # wait for a session or for the suspects
        self._pausing: dict[_Pending, asyncio.TimerHandle] = {}
        self._refusals = 0  # since all publications were accepted, for rare log lines

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        """Encode in the calling thread, then publish; see `elasticio.broker.Broker.publish`."""
        self._io.do(self._send, _Pending(publication, self._encoder.encode(publication), on_end))

    @property
    def is_connected(self) -> bool:
        """Whether the connection is open and its channel can be used."""
        return self._connection.is_up

    async def open(self) -> None:
        """Connect, and reopen the connection from then on when it is lost."""
        await self._connection.open()
        self._connection.keep_open()

    async def close(self, timeout: float) -> None:
        """Close within `timeout` seconds. Publications without a confirm fail."""
        self._closed = exceptions.ConnectionClosedByClient(200, "the step is closing")
        await self._connection.close(timeout)
        open_publications = [*self._pausing, *self._suspects, *self._waiting, *self._unconfirmed.values()]
        for timer in self._pausing.values():
            timer.cancel()
        for entries in (self._pausing, self._suspects, self._waiting, self._unconfirmed):
            entries.clear()
        for pending in dict.fromkeys(open_publications):
            self._failed(pending, self._closed)

    async def session_opened(self, session: Session) -> None:
        """Turn on confirms."""
        await session.call(session.channel.confirm_delivery, self._confirmed)
        session.connection.on_confirm = self._settle
        session.channel.add_on_return_callback(returned)
        self._encoder.frame_max = session.connection.params.frame_max
        self._last_tag = 0
        self._io.loop.call_soon(self._send_waiting)  # runs after the connection has set this session

    def session_lost(self, reason: Exception) -> None:
        """Count a failed attempt for each publication without a confirm, or make it a suspect."""
        unconfirmed, self._unconfirmed = self._unconfirmed, {}
        is_invalid = blames_message(reason)
        for pending in unconfirmed.values():
            if pending in self._suspects:  # it was alone
                if is_invalid:
                    self._suspects.popleft()
                    self._end(pending, MessageError(f"RabbitMQ does not accept the message: {describe(reason)}"))
            elif is_invalid:
                self._suspects.append(pending)
            else:
                self._failed(pending, reason)

    def reconnect_failed(self, reason: Exception) -> None:
        """Count a failed attempt for each waiting publication."""
        waiting = [*self._suspects, *self._waiting]
        self._suspects.clear()
        self._waiting.clear()
        for pending in waiting:
            self._failed(pending, reason)

    def _send_waiting(self) -> None:
        if self._suspects:
            self._send(self._suspects[0])
            return
        waiting, self._waiting = self._waiting, deque()
        for pending in waiting:
            self._send(pending)

    def _send(self, pending: _Pending) -> None:
        session = self._connection.session
        if self._closed:
            self._failed(pending, self._closed)
        elif session is None or not session.is_up or (self._suspects and pending is not self._suspects[0]):
            if pending not in self._suspects:
                self._waiting.append(pending)
        else:
            self._last_tag += 1
            self._unconfirmed[self._last_tag] = pending
            session.connection.send_message(pending.encoded.head, pending.encoded.body)

    def _send_again(self, pending: _Pending) -> None:
        self._pausing.pop(pending, None)
        self._send(pending)

    def _confirmed(self, response: "Method") -> None:
        confirm = response.method
        self._settle(confirm.delivery_tag, confirm.multiple, is_refused=isinstance(confirm, spec.Basic.Nack))

    def _settle(self, last_tag: int, multiple: bool, *, is_refused: bool = False) -> None:
        tags = [tag for tag in self._unconfirmed if tag <= last_tag] if multiple else [last_tag]
        if self._connection.session:
            self._connection.session.has_proved_stable = True
        for tag in tags:
            if pending := self._unconfirmed.pop(tag, None):
                if self._suspects:
                    self._suspects.popleft()
                    self._send_waiting()
                if is_refused:
                    self._failed(pending, _Refused("the broker refused the message"))
                else:
                    if not self._pausing:
                        self._refusals = 0
                    self._end(pending, None)

    def _failed(self, pending: _Pending, error: Exception) -> None:
        """Retry after a pause if the broker refused, otherwise as soon as there is a connection."""
        pending.failures += 1
        if pending.failures >= self._retry.attempts or self._closed:
            message_id = str(pending.publication.headers.get("messageId"))[:_LONGEST_ID]
            failure = BrokerError(f"Failed on publishing {message_id} message to MQ: {describe(error)}")
            failure.__cause__ = error
            self._end(pending, failure)
            return
        try:
            pending.encoded = self._encoder.encode(pending.publication, pending.failures)
        except MessageError as unencodable:  # the header `retry` makes the frame too large
            self._end(pending, unencodable)
            return
        if isinstance(error, exceptions.AMQPChannelError):
            self._refusals += 1
            if is_worth_logging(self._refusals):
                log.warning("Publication failed, retrying: attempt=%d reason=%r", pending.failures, describe(error))
            pause = self._retry.pause_after(pending.failures)
            self._pausing[pending] = self._io.loop.call_later(pause, self._send_again, pending)
        else:
            self._waiting.append(pending)

    def _end(self, pending: _Pending, failure: BrokerError | MessageError | None) -> None:
        try:
            pending.on_end(failure)
        except Exception as error:  # noqa: BLE001 (the remaining publications must end too)
            self._io.fail(error)


def returned(_channel: object, method: Any, _properties: object, _body: object) -> None:
    """Log a publication that the broker has dropped."""
    log.warning("Dropped a message: no queue is bound to its routing key %r", method.routing_key)
