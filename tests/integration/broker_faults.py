"""Temporary faults of a real RabbitMQ."""

from collections.abc import Iterator
from contextlib import contextmanager

import pika

from services.rabbitmq import PrivateBroker
from services.step_queues import StepQueues

_IMPATIENT = (
    "application:set_env(rabbit, consumer_timeout, {}), application:set_env(rabbit, channel_tick_interval, {})."
)


@contextmanager
def memory_alarm(server: PrivateBroker) -> Iterator[None]:
    """Let the broker block connections that publish."""
    server.control("set_vm_memory_high_watermark", "0")
    try:
        yield
    finally:
        server.control("set_vm_memory_high_watermark", "0.4")


@contextmanager
def consumer_timeout(server: PrivateBroker, milliseconds: int) -> Iterator[None]:
    """Let the broker close each new channel whose deliveries are not settled in time."""
    server.control("eval", _IMPATIENT.format(milliseconds, 500))
    try:
        yield
    finally:
        server.control("eval", _IMPATIENT.format(1_800_000, 60_000))


@contextmanager
def without_exchange(queues: StepQueues) -> Iterator[None]:
    """Delete the exchange of a step, and declare it again at the end."""
    _delete_exchange(queues)
    try:
        yield
    finally:
        with pika.BlockingConnection(pika.URLParameters(queues.uri)) as connection:
            connection.channel().exchange_declare(queues.name, "direct", durable=True)
            connection.channel().queue_bind(queues.queue("data"), queues.name, "data")


@contextmanager
def without_queue(queues: StepQueues) -> Iterator[None]:
    """Delete the input queue of a step, and declare it again at the end."""
    queues.delete_input()
    try:
        yield
    finally:
        queues.declare_input()


def make_quorum_queue(queues: StepQueues) -> None:
    """Replace the input queue of a step by a quorum queue."""
    queues.delete_input()
    with pika.BlockingConnection(pika.URLParameters(queues.uri)) as connection:
        connection.channel().queue_declare(queues.input, durable=True, arguments={"x-queue-type": "quorum"})


def _delete_exchange(queues: StepQueues) -> None:
    with pika.BlockingConnection(pika.URLParameters(queues.uri)) as connection:
        connection.channel().exchange_delete(queues.name)
