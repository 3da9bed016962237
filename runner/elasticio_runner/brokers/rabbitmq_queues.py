"""The queues of a run on RabbitMQ. The platform declares such queues before it starts a step."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elasticio.broker.rabbitmq import parameters
from elasticio.broker.topology import Queue, Topology
from elasticio.errors import BrokerError
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection
from pika.exceptions import AMQPError

LIFETIME = 24 * 3600  # seconds without use after which RabbitMQ deletes a queue whose runner was killed


def declare(uri: str, topology: Topology) -> None:
    """Create the exchange and its queues, or renew the lifetime of existing queues; raises BrokerError."""
    with _channel(uri) as channel:
        channel.exchange_declare(topology.exchange, "direct", durable=True)
        for queue in topology.queues:
            channel.queue_declare(queue.name, durable=True, arguments=_arguments(topology, queue))
            for key in queue.routing_keys:
                channel.queue_bind(queue.name, topology.exchange, key)


def delete(uri: str, topology: Topology) -> None:
    """Delete the queues with their messages, and the exchange; raises BrokerError."""
    with _channel(uri) as channel:
        for queue in topology.queues:
            channel.queue_delete(queue.name)
        channel.exchange_delete(topology.exchange)


def waiting(uri: str, queue: str) -> tuple[int, int]:
    """Return the number of waiting messages in a queue and the number of its consumers; raises BrokerError."""
    with _channel(uri) as channel:
        state = channel.queue_declare(queue, passive=True).method
        return state.message_count, state.consumer_count


def _arguments(topology: Topology, queue: Queue) -> Mapping[str, Any]:
    lifetime = {"x-expires": LIFETIME * 1000}
    if queue.expired_to is None:
        return lifetime
    return {**lifetime, "x-dead-letter-exchange": topology.exchange, "x-dead-letter-routing-key": queue.expired_to}


@contextmanager
def _channel(uri: str) -> Iterator[BlockingChannel]:
    where = parameters(uri, "flow")
    try:
        connection = BlockingConnection(where)
        try:
            yield connection.channel()
        finally:
            if connection.is_open:
                connection.close()
    except (AMQPError, OSError) as error:
        raise BrokerError(f"failed to use RabbitMQ at {where.host}:{where.port}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return str(error) or f"{type(error).__name__}. Check that it runs, and check user and password in its URL"


def where(uri: str) -> str:
    """Return host and port of an address, without its password."""
    target = parameters(uri, "flow")
    return f"{target.host}:{target.port}"
