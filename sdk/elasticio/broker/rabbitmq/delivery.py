"""One message that RabbitMQ has handed out."""

from collections.abc import Sequence
from typing import Any, Protocol

import pika
from pika.spec import Basic

from elasticio.broker import Headers, Publication
from elasticio.broker.rabbitmq.link import Session

_APART = {"headers", "delivery_mode"}


class Settler(Protocol):
    """Who settles deliveries. Both may be called from any thread."""

    def settle(self, delivery: "RabbitDelivery", outcome: bool) -> None:
        """Ack or reject a delivery."""

    def replace(self, delivery: "RabbitDelivery", publications: Sequence[Publication], outcome: bool) -> bool:
        """Ack or reject it and publish, as one; see `Delivery.replace`."""


class RabbitDelivery:
    """A delivery of RabbitMQ. Only the reader changes `session` and `tag`: when a redelivery takes its place.

    `outcome` is what it was settled with: True for an ack, False for a reject, None as long as it is in work.
    """

    __slots__ = ("_settler", "body", "headers", "outcome", "redelivered", "session", "source", "tag")

    def __init__(
        self,
        settler: Settler,
        session: Session,
        method: Basic.Deliver,
        source: pika.BasicProperties,
        body: bytes,
    ) -> None:
        self._settler = settler
        self.session = session
        self.tag = method.delivery_tag
        self.redelivered: bool = method.redelivered
        self.source = source
        self.headers: Headers | None = source.headers
        self.body = body
        self.outcome: bool | None = None

    @property
    def properties(self) -> dict[str, Any]:
        """The basic properties that are set, without headers and delivery mode."""
        return {name: value for name, value in vars(self.source).items() if value is not None and name not in _APART}

    def ack(self) -> None:
        """Acknowledge it."""
        self._settler.settle(self, True)

    def reject(self) -> None:
        """Reject it without requeue."""
        self._settler.settle(self, False)

    def replace(self, publications: Sequence[Publication], *, failed: bool) -> bool:
        """Put messages in its place."""
        return self._settler.replace(self, publications, not failed)
