"""Queues and the routing keys that lead to them.

On the platform they exist before a step starts. A flow that runs on one machine declares them, in memory or on
RabbitMQ.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue and the routing keys that are bound to it.

    `expired_to` is the routing key under which expired messages are published again; without it they are dropped.
    """

    name: str
    routing_keys: tuple[str, ...]
    expired_to: str | None = None


@dataclass(frozen=True, slots=True)
class Topology:
    """An exchange and the queues that are bound to it."""

    exchange: str
    queues: tuple[Queue, ...]
