"""The interface between the runtime and a message broker.

`rabbitmq` implements it for the platform, and `memory` for flows in one process and for tests. A new transport must
provide only this interface.
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
        """The payload: encrypted, and base64 text or raw bytes."""

    @property
    def headers(self) -> Headers | None:
        """The AMQP headers; None if the message has no headers table."""

    @property
    def properties(self) -> Mapping[str, Any]:
        """AMQP's other basic properties, without unset ones."""

    @property
    def redelivered(self) -> bool:
        """Whether the broker has delivered this message before."""

    @property
    def unreadable(self) -> str | None:
        """The reason why headers or properties cannot be decoded; None if they can.

        `headers` may be incomplete if there is a reason. Such a message must be rejected.
        """

    def ack(self) -> None:
        """Acknowledge the message; returns at once."""

    def reject(self) -> None:
        """Reject the message without requeue; returns at once."""

    def replace(self, publications: Sequence[Publication], *, failed: bool, timeout: float | None = None) -> bool:
        """Publish messages that replace this one and ack it, or reject it if it has failed, in one transaction.

        Blocks until the broker has confirmed, then returns True. Returns False if the connection is lost or closed
        first, or after `timeout` seconds. The broker then delivers the message again, as a new message, unless the
        transaction has taken effect. Must not be called from `on_delivery` or `on_end`.

        RabbitMQ guarantees atomicity only within one queue, and not if it crashes during the commit. The message and
        its replacement can then both exist.

        Raises MessageError if the broker cannot accept the publications. The message is still unsettled then.
        """


class Broker(Protocol):
    """One step's connection to the broker. All methods may be called from any thread.

    After a lost connection the broker redelivers the messages in flight. The implementation does not pass such a
    redelivery to `on_delivery`. Processing continues, and its outcome settles the redelivery.

    This requires that one container consumes the queue. With two, the other container may receive the redelivery and
    process the message a second time. The same can happen after RabbitMQ's consumer timeout (default: 30 minutes).
    RabbitMQ then closes the channel of a consumer that has not settled a message.
    """

    def connect(self, on_failure: OnFailure | None = None) -> None:
        """Open the connections; raises BrokerError.

        `on_failure` is called at most once, on any thread, with an error after which this broker cannot work. A
        background task has ended, or a callback has raised. The process should then end with this reason.
        """

    def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Start to deliver messages. The prefetch limits unsettled ones. `on_delivery` must not block or raise.

        Raises BrokerError if the queue cannot be consumed.
        """

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        """Publish a message; returns at once. Raises MessageError, and does not call `on_end`, if AMQP cannot carry it.

        `on_end` is called once, on any thread, possibly before this method returns. Its argument is None after the
        broker's confirm. It is a BrokerError after the last failed attempt or when the connection is closed. It is a
        MessageError if the broker closed the connection because of this message. `on_end` must not block or raise.
        """

    def is_healthy(self, timeout: float = 2) -> bool:
        """Return whether all connections are open. Returns within `timeout` seconds, False if there is no response.

        A broker that no longer responds counts as healthy until its heartbeats have been missing for some time.
        """

    def stop_consuming(self, timeout: float = 5) -> None:
        """Stop delivering. Returns within `timeout` seconds, even if the broker does not respond.

        `on_delivery` is not called after the return. Messages in flight can still be settled.
        """

    def close(self, timeout: float = 15) -> None:
        """Send pending publications and settlements and close. Returns within `timeout` seconds.

        Unsettled messages return to the queue. Each publication without a confirm ends with a BrokerError. Each waiting
        `replace` returns False.
        """
