"""The interface between the runtime and a message broker.

Two packages implement it: `rabbitmq`, which the platform uses, and `memory`, which runs flows in one process and
serves tests. A new transport has to offer only this interface.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from elasticio.errors import BrokerError

Headers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Publication:
    """An outgoing message.

    `properties` are AMQP's basic properties under their usual names (content_type, expiration …). They exclude headers,
    and the delivery mode, which is a setting of the broker. With `mandatory` False the broker silently drops a message
    that it cannot route to a queue.
    """

    routing_key: str
    body: bytes
    headers: Headers
    properties: Mapping[str, Any] = field(
        default_factory=lambda: {"content_type": "application/json", "content_encoding": "utf8"}
    )
    mandatory: bool = True


OnEnd = Callable[[BrokerError | None], None]


class Delivery(Protocol):
    """An incoming message. It must be settled exactly once, by `ack`, `reject` or `replace`."""

    @property
    def body(self) -> bytes:
        """The payload, as it was sent."""

    @property
    def headers(self) -> Headers | None:
        """The AMQP headers; None if the message has no headers table."""

    @property
    def properties(self) -> Mapping[str, Any]:
        """AMQP's other basic properties, without those that are not set."""

    @property
    def redelivered(self) -> bool:
        """Whether the broker has delivered this message before."""

    def ack(self) -> None:
        """Tell the broker that the message is done; returns at once."""

    def reject(self) -> None:
        """Tell the broker that the message has failed and must not be delivered again; returns at once."""

    def replace(self, publications: Sequence[Publication], *, failed: bool) -> bool:
        """Publish messages instead of this one and ack it, or reject it if it has failed, in one transaction.

        Blocks until the broker has confirmed; returns True then. Returns False if the connection was lost first. Then
        nothing was published, and the broker delivers the message again.
        """


class Broker(Protocol):
    """One step's connection to the broker. All methods may be called from any thread.

    When the connection is lost, the broker delivers the messages in flight again. The implementation does not pass
    such a redelivery to `on_delivery`: it settles the redelivery with the outcome of the processing that continues.
    """

    def connect(self) -> None:
        """Open the connections; raises BrokerError."""

    def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Start to deliver, with at most the prefetch unsettled at a time. `on_delivery` must not block.

        Raises BrokerError if the queue cannot be consumed.
        """

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        """Publish; returns at once.

        `on_end` is called once, on any thread and perhaps before this returns: with None when the broker has confirmed,
        with a BrokerError after the last failed attempt. It must not block.
        """

    def stop_consuming(self) -> None:
        """Stop delivering. After the return `on_delivery` is not called; messages in flight can still be settled."""

    def close(self) -> None:
        """Send what is still unsent and close. Unsettled messages return to the queue."""
