"""Publishing with confirms: a publication is done when the broker says that it has it."""

import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pika
from pika import exceptions
from pika.frame import Method

from elasticio.broker import Publication
from elasticio.broker.rabbitmq.io import IoThread
from elasticio.broker.rabbitmq.link import Link, Session
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


class _Attempt:
    """One try of a publication; a worker thread waits for its end."""

    __slots__ = ("_done", "error", "properties", "publication")

    def __init__(self, publication: Publication, properties: pika.BasicProperties) -> None:
        self.publication = publication
        self.properties = properties
        self.error: Exception | None = None
        self._done = threading.Lock()  # a lock is the cheapest way to wake one thread
        self._done.acquire()

    def end(self, error: Exception | None = None) -> None:
        self.error = error
        self._done.release()

    def wait(self) -> Exception | None:
        self._done.acquire()
        return self.error


class Writer:
    """Publishes for any number of threads over one channel."""

    def __init__(self, io: IoThread, link: Link, exchange: str, persistent: bool, retry: PublishRetry) -> None:
        self._io = io
        self._link = link
        link.on_up, link.on_down, link.on_failure = self._up, self._down, self._fail_waiting
        self._exchange = exchange
        self._delivery_mode = 2 if persistent else 1
        self._retry = retry
        self._is_up = threading.Event()
        self._closed = False
        # The rest is touched on the I/O thread only
        self._tag = 0
        self._unconfirmed: dict[int, _Attempt] = {}
        self._waiting: deque[_Attempt] = deque()

    async def open(self) -> None:
        """Connect."""
        await self._link.open()

    async def close(self) -> None:
        """Close; whoever still waits for a confirm gets an error."""
        self._closed = True
        await self._link.close()
        self._is_up.set()
        self._down(exceptions.ConnectionClosedByClient(200, "the step is closing"))
        self._fail_waiting(exceptions.ConnectionClosedByClient(200, "the step is closing"))

    def publish(self, publication: Publication) -> None:
        """Publish, as often as it takes; raises BrokerError after the last attempt."""
        for number in itertools.count():
            attempt = _Attempt(publication, self._properties(publication, number))
            self._io.post(self._send, attempt)
            error = attempt.wait()
            if error is None:
                return
            if number + 1 >= self._retry.attempts or self._closed:
                message_id = publication.headers.get("messageId")
                raise BrokerError(f"Failed on publishing {message_id} message to MQ: {error}") from error
            pause = self._retry.pause_after(number)
            log.warning("A message was not confirmed and is published again: %s", error)
            if isinstance(error, exceptions.AMQPChannelError):
                time.sleep(pause)  # the broker refused it; no use in hurrying
            else:
                self._is_up.wait(pause)  # the connection was lost: as soon as it is back

    def _properties(self, publication: Publication, number: int) -> pika.BasicProperties:
        headers = {name: _field(value) for name, value in publication.headers.items()}
        if number:
            headers["retry"] = number
        return pika.BasicProperties(
            **{**publication.properties, "headers": headers, "delivery_mode": self._delivery_mode}
        )

    async def _up(self, session: Session) -> None:
        await session.answer(
            lambda done: session.channel.confirm_delivery(ack_nack_callback=self._confirmed, callback=done)
        )
        session.channel.add_on_return_callback(_returned)
        self._tag = 0
        self._is_up.set()
        self._io.post(self._send_waiting)  # when the link has taken the session

    def _down(self, reason: Exception) -> None:
        self._is_up.clear()
        unconfirmed, self._unconfirmed = self._unconfirmed, {}
        for attempt in unconfirmed.values():
            attempt.end(reason)

    def _fail_waiting(self, reason: Exception) -> None:
        waiting, self._waiting = self._waiting, deque()
        for attempt in waiting:
            attempt.end(reason)

    def _send_waiting(self) -> None:
        waiting, self._waiting = self._waiting, deque()
        for attempt in waiting:
            self._send(attempt)

    def _send(self, attempt: _Attempt) -> None:
        session = self._link.session
        if self._closed:
            attempt.end(exceptions.ConnectionClosedByClient(200, "the step is closing"))
        elif session is None or not session.is_up:
            self._waiting.append(attempt)
        else:
            self._tag += 1
            self._unconfirmed[self._tag] = attempt
            publication = attempt.publication
            try:
                session.channel.basic_publish(
                    self._exchange, publication.routing_key, publication.body, attempt.properties, publication.mandatory
                )
            except exceptions.AMQPError as error:
                session.end(error)  # the tags are out of step now; the loss ends this attempt too

    def _confirmed(self, frame: "Method") -> None:
        confirm = frame.method
        error = None if isinstance(confirm, pika.spec.Basic.Ack) else _Refused("the broker refused the message")
        if confirm.multiple:
            tags = [tag for tag in self._unconfirmed if tag <= confirm.delivery_tag]
        else:
            tags = [confirm.delivery_tag]
        for tag in tags:
            if attempt := self._unconfirmed.pop(tag, None):
                attempt.end(error)


def _returned(_channel: object, method: Any, _properties: object, _body: object) -> None:
    log.warning("No queue takes messages with the routing key %r; the message was dropped", method.routing_key)


def _field(value: Any) -> Any:
    """Make a header's value one that pika can write: it has no way to write fractions."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else str(value)
    if isinstance(value, Mapping):
        return {name: _field(item) for name, item in value.items()}
    return [_field(item) for item in value] if isinstance(value, list) else value
