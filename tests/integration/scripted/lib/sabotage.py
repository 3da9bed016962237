"""Replaces a part of the runtime, so that its background task ends when the connection to the broker is lost."""

from elasticio.broker.rabbitmq.consumer import Consumer

from .gated import process

__all__ = ["init", "process"]


def init(_config: object) -> None:
    """Break the consumer."""

    def fail(_consumer: Consumer, _reason: Exception) -> None:
        raise TypeError("unhashable type: 'list'")

    setattr(Consumer, "session_lost", fail)  # noqa: B010 (the signature differs)
