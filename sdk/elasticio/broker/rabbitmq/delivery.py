"""One message that RabbitMQ has handed out."""

from collections.abc import Callable
from typing import Any

import pika
from pika.spec import Basic

from elasticio.broker import Headers
from elasticio.broker.rabbitmq.link import Session

_APART = {"headers", "delivery_mode"}


class RabbitDelivery:
    """A delivery of RabbitMQ. Only the reader changes `session` and `tag`: when a redelivery replaces it.

    `outcome` is what it was settled with: True for an ack, False for a reject, None as long as it is in work.
    """

    __slots__ = ("_settle", "body", "headers", "outcome", "redelivered", "session", "source", "tag")

    def __init__(
        self,
        settle: "Callable[[RabbitDelivery, bool], None]",
        session: Session,
        method: Basic.Deliver,
        source: pika.BasicProperties,
        body: bytes,
    ) -> None:
        self._settle = settle
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
        self._settle(self, True)

    def reject(self) -> None:
        """Reject it without requeue."""
        self._settle(self, False)
