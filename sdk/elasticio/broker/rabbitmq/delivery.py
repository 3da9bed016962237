"""A message that RabbitMQ has delivered. `ack`, `reject` or `replace` settles it."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import pika
from pika.spec import Basic

from elasticio.broker import Headers, Publication
from elasticio.broker.rabbitmq.connection import IoThread
from elasticio.broker.rabbitmq.frames import ack_frame
from elasticio.broker.rabbitmq.properties import UnreadableProperties
from elasticio.broker.rabbitmq.publisher import EncodedPublication, PublicationEncoder
from elasticio.broker.rabbitmq.reasons import describe
from elasticio.broker.rabbitmq.reconnect import Session
from elasticio.broker.rabbitmq.redelivery import InFlight, Key, message_key
from elasticio.broker.rabbitmq.transaction import Suspects
from elasticio.errors import MessageError

MAX_DEPTH = 64  # levels of tables and lists in a header, as in a publication: a rebound publishes the headers again
_NOT_PROPERTIES = {"headers", "delivery_mode", "fault"}


@dataclass(frozen=True)
class DeliveryContext:
    """The objects that the deliveries of one consumer share."""

    io: IoThread
    in_flight: "InFlight[RabbitDelivery]"
    suspects: Suspects
    encoder: PublicationEncoder


class RabbitDelivery:
    """A delivery of RabbitMQ. A redelivery after a lost connection changes its `session` and `tag`.

    outcome     True after an ack, False after a reject, None while the message is being processed
    unreadable  the reason why headers or properties cannot be processed; None if they can
    """

    __slots__ = ("_context", "_source", "body", "headers", "outcome", "redelivered", "session", "tag", "unreadable")

    def __init__(
        self,
        context: DeliveryContext,
        session: Session,
        method: Basic.Deliver,
        source: pika.BasicProperties,
        body: bytes,
    ) -> None:
        self._context = context
        self._source = source
        self.session = session
        self.tag: int = method.delivery_tag
        self.redelivered: bool = method.redelivered
        self.headers: Headers | None = source.headers
        self.body = body
        self.outcome: bool | None = None
        unreadable = source.fault if isinstance(source, UnreadableProperties) else headers_fault(source.headers)
        self.unreadable: str | None = unreadable

    @property
    def key(self) -> Key:
        """The key that identifies the message in a redelivery."""
        return message_key(self.headers, self.body)

    @property
    def properties(self) -> dict[str, Any]:
        """The basic properties with a value, without headers and delivery mode."""
        return {
            name: value
            for name, value in vars(self._source).items()
            if value is not None and name not in _NOT_PROPERTIES
        }

    def ack(self) -> None:
        """Acknowledge the message."""
        self._settle_soon(True)

    def reject(self) -> None:
        """Reject the message without requeue."""
        self._settle_soon(False)

    def replace(self, publications: Sequence[Publication], *, failed: bool, timeout: float | None = None) -> bool:
        """Publish and settle in one transaction on the I/O thread; see `elasticio.broker.Delivery`."""
        encoded = [self._context.encoder.encode(publication) for publication in publications]
        replacement = _Replacement(self, not failed, encoded, self._context)
        self._context.io.do(self._replace, replacement)
        try:
            return replacement.is_committed.result(timeout)
        except TimeoutError:
            return False

    def _settle_soon(self, outcome: bool) -> None:
        if threading.get_ident() == self._context.io.ident:  # the usual case: the last confirm has just arrived
            self.settle(outcome)
        else:
            self._context.io.do(self.settle, outcome)

    # On the I/O thread

    def settle(self, outcome: bool) -> None:
        """Send the ack or the reject. Without a connection, the outcome is kept for the redelivery."""
        self.outcome = outcome
        if self.session.is_up:
            self.send(outcome)
            self._context.in_flight.settled(self, outcome)

    def send(self, outcome: bool) -> None:
        """Send the ack or the reject, in a transaction if the channel is in transaction mode."""
        session = self.session
        try:
            if session.transactions:
                session.transactions.add(_Settlement(self, outcome))
            else:
                self.write(outcome)
        except Exception as error:  # noqa: BLE001 (the outcome settles the redelivery)
            session.end(error)

    def write(self, outcome: bool) -> None:
        """Write the ack or the reject to the channel."""
        if outcome:
            self.session.connection.send_frame(ack_frame(self.tag))
        else:
            self.session.channel.basic_reject(self.tag, requeue=False)

    def _replace(self, replacement: "_Replacement") -> None:
        if not self.session.is_up:
            replacement.session_lost(None, False)
            return
        try:
            self.session.begin_transactions().add(replacement)
        except Exception as error:  # noqa: BLE001 (the end of the session ends the replacement)
            self.session.end(error)


def headers_fault(headers: Mapping[Any, Any] | None) -> str | None:
    """Return the reason why decoded headers cannot be processed, None if they can.

    pika decodes a name that is not UTF-8 as bytes. Its maximum depth depends on Python's recursion limit, which any
    library may change.
    """
    pending: list[tuple[int, Any]] = [(0, headers)]
    while pending:
        depth, value = pending.pop()
        if depth > MAX_DEPTH:
            return f"its AMQP headers are nested deeper than {MAX_DEPTH} levels"
        if isinstance(value, dict):
            if any(isinstance(name, bytes) for name in value):
                return "the name of an AMQP header is not UTF-8"
            value = value.values()
        elif not isinstance(value, list):
            continue
        pending.extend((depth + 1, item) for item in value if isinstance(item, dict | list))
    return None


class _Settlement:
    """An ack or a reject in a transaction. If the session is lost first, the redelivery is settled instead."""

    is_suspect = False

    def __init__(self, delivery: RabbitDelivery, outcome: bool) -> None:
        self._delivery = delivery
        self._outcome = outcome

    def write(self) -> None:
        self._delivery.write(self._outcome)

    def committed(self) -> None:
        pass

    def session_lost(self, blame: Exception | None, is_alone: bool) -> None:
        pass


class _Replacement(_Settlement):
    """Publications, and the ack or reject that is committed with them."""

    def __init__(
        self,
        delivery: RabbitDelivery,
        outcome: bool,
        publications: Sequence[EncodedPublication],
        context: DeliveryContext,
    ) -> None:
        super().__init__(delivery, outcome)
        self.is_committed: Future[bool] = Future()
        self.is_suspect = bool(context.suspects)
        self._publications = publications
        self._context = context

    def write(self) -> None:
        for publication in self._publications:
            self._delivery.session.connection.send_message(publication.head, publication.body)
        super().write()

    def committed(self) -> None:
        self._context.suspects.acquit(self._delivery.key)
        self._context.in_flight.forget(self._delivery)
        self.is_committed.set_result(True)

    def session_lost(self, blame: Exception | None, is_alone: bool) -> None:
        if blame and self._context.suspects.convict(self._delivery.key, is_alone):
            self.is_committed.set_exception(MessageError(f"RabbitMQ does not accept the message: {describe(blame)}"))
            return  # the delivery stays in flight, for a reject
        self._context.in_flight.forget(self._delivery)  # its redelivery is a new message
        self.is_committed.set_result(False)
