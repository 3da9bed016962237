"""What the runtime needs of a message broker, and nothing more.

Two implementations stand below this interface: `rabbitmq`, which the platform uses, and `memory`, for running flows in
one process and for tests. Whatever comes after AMQP has to offer just this.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from elasticio.errors import BrokerError

Headers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Publication:
    """A message on its way out.

    `properties` are AMQP's basic properties under their usual names (content_type, expiration …), without headers and
    without the delivery mode, which is the broker's setting. `mandatory` False lets the broker drop what has no queue.
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
    """A message that came in, to be settled exactly once. `headers` is None where it came without a table."""

    @property
    def body(self) -> bytes:
        """The payload as it came."""

    @property
    def headers(self) -> Headers | None:
        """AMQP's headers."""

    @property
    def properties(self) -> Mapping[str, Any]:
        """AMQP's other basic properties, those that are set."""

    @property
    def redelivered(self) -> bool:
        """Whether the broker had handed this message out before."""

    def ack(self) -> None:
        """Tell the broker that the message is done with; returns at once."""

    def reject(self) -> None:
        """Tell the broker that the message failed and must not come back; returns at once."""

    def replace(self, publications: Sequence[Publication], *, failed: bool) -> bool:
        """Put messages in the place of this one: publish them and ack it, or reject it where it failed, as one.

        The broker does both or neither, so that there never are two copies of a message. Returns when it is known:
        False where the connection was lost first. Then nothing was published, and the message comes again to whoever
        is next.
        """


class Broker(Protocol):
    """One step's connection to the broker. All methods may be called from any thread.

    A message that is in hand when the connection is lost comes again from the broker. The implementation keeps such a
    redelivery to itself and settles it with the outcome of the work that is under way: `on_delivery` never sees it.
    """

    def connect(self) -> None:
        """Open the connections; raises BrokerError with one clear line."""

    def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Begin to deliver, at most the prefetch unsettled at a time. `on_delivery` must not block.

        Raises BrokerError where the queue cannot be consumed.
        """

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        """Publish; returns at once.

        `on_end` is called once, on any thread and perhaps before this returns: with None when the broker has confirmed,
        with a BrokerError when it finally did not. It must not block.
        """

    def stop_consuming(self) -> None:
        """Stop; when it returns, `on_delivery` is not called any more. What is in hand can still be settled."""

    def close(self) -> None:
        """Send what is still to be sent and close. What was not settled goes back to the queue."""
