"""After which losses the broker has requeued all messages, so that close() need not wait for redeliveries."""

from types import SimpleNamespace
from typing import Any

import pytest
from elasticio.broker.rabbitmq.consumer import Consumer
from pika.exceptions import ChannelClosedByBroker, ConnectionClosedByBroker, StreamLostError

LOST = StreamLostError("reset")  # the broker may not have noticed
CLOSED = (ChannelClosedByBroker(406, "timed out"), ConnectionClosedByBroker(320, "shutdown"))


class Delivered:
    """A delivery in flight."""

    def __init__(self) -> None:
        self.headers, self.body, self.redelivered = {"messageId": "m"}, b"", True


@pytest.fixture
def consumer() -> Consumer:
    nothing: Any = SimpleNamespace()
    return Consumer(nothing, SimpleNamespace(), "queue", 1, nothing)  # type: ignore[arg-type]


@pytest.mark.parametrize("closed", CLOSED)
def test_a_session_that_the_broker_has_closed(consumer: Consumer, closed: Exception) -> None:
    consumer.session_lost(closed)
    assert consumer._all_requeued


def test_a_connection_that_was_lost(consumer: Consumer) -> None:
    consumer.session_lost(LOST)
    assert not consumer._all_requeued


@pytest.mark.parametrize("is_redelivered", [True, False])
def test_a_lost_connection_before_a_session_that_the_broker_has_closed(
    consumer: Consumer, is_redelivered: bool
) -> None:
    in_flight: Any = consumer._in_flight
    in_flight.add(Delivered())
    consumer.session_lost(LOST)
    if is_redelivered:
        in_flight.add(in_flight.recognize(Delivered()))
    consumer.session_lost(CLOSED[0])
    assert consumer._all_requeued is is_redelivered


def test_two_sessions_that_the_broker_has_closed(consumer: Consumer) -> None:
    in_flight: Any = consumer._in_flight
    in_flight.add(Delivered())
    for closed in CLOSED:
        consumer.session_lost(closed)
    assert consumer._all_requeued
