"""Which queues there are and what reaches them: the part of a broker that the platform sets up and a step only uses.

Flows that run on one machine have to set it up themselves, in memory or on RabbitMQ.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue and the routing keys whose messages it gets.

    `expired_to` is the routing key under which messages that have expired are published once more; without it they
    are dropped.
    """

    name: str
    routing_keys: tuple[str, ...]
    expired_to: str | None = None


@dataclass(frozen=True, slots=True)
class Topology:
    """An exchange and the queues that are bound to it."""

    exchange: str
    queues: tuple[Queue, ...]
