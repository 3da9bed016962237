"""One message that RabbitMQ has delivered, and the three ways to settle it: ack, reject, replace."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import pika
from pika.spec import Basic

from elasticio.broker import Headers, Publication
from elasticio.broker.rabbitmq.connection import IoThread
from elasticio.broker.rabbitmq.publisher import EncodedPublication, PublicationEncoder
from elasticio.broker.rabbitmq.reconnect import Session
from elasticio.broker.rabbitmq.redelivery import InFlight

_NOT_PROPERTIES = {"headers", "delivery_mode"}


@dataclass(frozen=True)
class DeliveryContext:
    """What the deliveries of one consumer share."""

    io: IoThread
    in_flight: "InFlight[RabbitDelivery]"
    encoder: PublicationEncoder


class RabbitDelivery:
    """A delivery of RabbitMQ. A redelivery after a lost connection changes its `session` and `tag`.

    `outcome` is True after an ack, False after a reject, None while the message is being processed.
    """

    __slots__ = ("_context", "_source", "body", "headers", "outcome", "redelivered", "session", "tag")

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

    @property
    def properties(self) -> dict[str, Any]:
        """The basic properties that are set, without headers and delivery mode."""
        return {
            name: value
            for name, value in vars(self._source).items()
            if value is not None and name not in _NOT_PROPERTIES
        }

    def ack(self) -> None:
        """Acknowledge the message."""
        self._context.io.do(self.settle, True)

    def reject(self) -> None:
        """Reject the message without requeue."""
        self._context.io.do(self.settle, False)

    def replace(self, publications: Sequence[Publication], *, failed: bool) -> bool:
        """Publish and settle in one transaction. The I/O thread does this, so another thread must call."""
        encoded = [self._context.encoder.encode(publication) for publication in publications]
        settlement = _Settlement(self, not failed, encoded)
        self._context.io.do(self._replace, settlement)
        return settlement.is_committed.result()

    # On the I/O thread

    def settle(self, outcome: bool) -> None:
        """Send the ack or the reject. While the connection is lost, the outcome waits for the redelivery."""
        self.outcome = outcome
        if self.session.is_up:
            self.send(outcome)
            self._context.in_flight.settled(self, outcome)

    def send(self, outcome: bool) -> None:
        """Write the ack or the reject to the channel, in a transaction if the channel is in this mode."""
        if self.session.transactions:
            self.session.transactions.add(_Settlement(self, outcome))
        else:
            self.write(outcome)

    def write(self, outcome: bool) -> None:
        """Write the ack or the reject to the channel."""
        if outcome:
            self.session.channel.basic_ack(self.tag)
        else:
            self.session.channel.basic_reject(self.tag, requeue=False)

    def _replace(self, settlement: "_Settlement") -> None:
        self._context.in_flight.forget(self)  # a redelivery means that nothing was committed: it is a new message
        if self.session.is_up:
            self.session.begin_transactions().add(settlement)
        else:
            settlement.ended(False)


class _Settlement:
    """An ack or reject, and the publications that are committed with it."""

    def __init__(
        self, delivery: RabbitDelivery, outcome: bool, publications: Sequence[EncodedPublication] = ()
    ) -> None:
        self.is_committed: Future[bool] = Future()
        self._delivery = delivery
        self._outcome = outcome
        self._publications = publications

    def write(self) -> None:
        for publication in self._publications:
            self._delivery.session.connection.send_message(publication.head, publication.body)
        self._delivery.write(self._outcome)

    def ended(self, is_committed: bool) -> None:
        self.is_committed.set_result(is_committed)
