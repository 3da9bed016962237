"""Queues and their routing keys.

On the platform they exist before a step starts. The flow runner declares them in memory or on RabbitMQ.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue and its routing keys.

    Expired messages are published again with the routing key `expired_to`. If it is None, they are dropped.
    """

    name: str
    routing_keys: tuple[str, ...]
    expired_to: str | None = None


@dataclass(frozen=True, slots=True)
class Topology:
    """An exchange and its queues."""

    exchange: str
    queues: tuple[Queue, ...]
