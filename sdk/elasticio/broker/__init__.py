"""The interface between the runtime and a message broker.

Two packages implement it: `rabbitmq`, which the platform uses, and `memory`, which runs flows in one process and
serves tests. A new transport has to offer only this interface.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from elasticio.errors import BrokerError, MessageError
from elasticio.wire.publication import Headers, Publication

__all__ = ["Broker", "Delivery", "Headers", "OnEnd", "OnFailure", "Publication"]

OnEnd = Callable[[BrokerError | MessageError | None], None]
OnFailure = Callable[[BaseException], None]


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

    @property
    def unreadable(self) -> str | None:
        """Why headers or properties cannot be processed, e.g. as they cannot be decoded; None if they can.

        `headers` may then lack some headers. Such a message must be rejected.
        """

    def ack(self) -> None:
        """Tell the broker that the message is done; returns at once."""

    def reject(self) -> None:
        """Tell the broker that the message has failed and must not be delivered again; returns at once."""

    def replace(self, publications: Sequence[Publication], *, failed: bool, timeout: float | None = None) -> bool:
        """Publish messages instead of this one and ack it, or reject it if it has failed, in one transaction.

        Blocks until the broker has confirmed, then returns True. Returns False if the connection is lost or closed
        first, or after `timeout` seconds. The broker then delivers the message again, as a new message, unless the
        transaction has taken effect. Must not be called from `on_delivery` or `on_end`.

        A transaction is as strong as the broker makes it. RabbitMQ promises atomicity only within one queue, and not
        if it crashes during the commit: the message and its replacement can then both exist.

        Raises MessageError if the broker cannot accept the publications. The message is still unsettled then.
        """


class Broker(Protocol):
    """One step's connection to the broker. All methods may be called from any thread.

    When the connection is lost, the broker delivers the messages in flight again. The implementation does not pass
    such a redelivery to `on_delivery`: it settles the redelivery with the outcome of the processing that continues.

    This works as long as one container consumes the queue. With two, the broker may deliver the message to the other
    one, which processes it a second time. The connection need not be lost for that: RabbitMQ also closes the channel
    of a consumer that does not settle a message within the consumer timeout (30 minutes by default).
    """

    def connect(self, on_failure: OnFailure | None = None) -> None:
        """Open the connections; raises BrokerError.

        `on_failure` is called at most once, on any thread, with an error after which this broker cannot work: one of
        its background tasks has ended, or a callback has raised. The process should then end with this reason.
        """

    def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Start to deliver, with at most the prefetch unsettled at a time. `on_delivery` must not block or raise.

        Raises BrokerError if the queue cannot be consumed.
        """

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        """Publish; returns at once. Raises MessageError, without a call of `on_end`, if AMQP cannot carry it.

        `on_end` is called once, on any thread and perhaps before this returns. Its argument is None after the broker's
        confirm, a BrokerError after the last failed attempt or when the connection is closed, and a MessageError if
        the broker closed the connection each time because of this message. `on_end` must not block or raise.
        """

    def stop_consuming(self, timeout: float = 5) -> None:
        """Stop delivering; returns after `timeout` seconds at the latest, even if the broker does not answer.

        After the return `on_delivery` is not called; messages in flight can still be settled.
        """

    def close(self, timeout: float = 15) -> None:
        """Send what is still unsent and close; returns after `timeout` seconds at the latest.

        Unsettled messages return to the queue. Each publication without a confirm ends with a BrokerError, each
        `replace` that waits returns False.
        """
