"""The replacement of a delivery whose session ends before the commit is confirmed."""

from types import SimpleNamespace
from typing import Any

import pika
import pytest
from elasticio import MessageError
from elasticio.broker.rabbitmq.delivery import DeliveryContext, RabbitDelivery, _Replacement
from elasticio.broker.rabbitmq.redelivery import InFlight
from elasticio.broker.rabbitmq.transaction import Suspects
from pika.exceptions import ChannelClosedByBroker

INVALID = ChannelClosedByBroker(406, "invalid expiration")


@pytest.fixture
def context() -> DeliveryContext:
    nothing: Any = SimpleNamespace()
    return DeliveryContext(nothing, InFlight(), Suspects(), nothing)


def delivered(context: DeliveryContext) -> RabbitDelivery:
    method: Any = SimpleNamespace(delivery_tag=1, redelivered=False)
    session: Any = SimpleNamespace()
    delivery = RabbitDelivery(context, session, method, pika.BasicProperties(headers={"messageId": "m"}), b"body")
    context.in_flight.add(delivery)
    return delivery


def lose(context: DeliveryContext, blame: Exception | None, *, is_alone: bool = True) -> tuple[bool, Any]:
    """Lose the session during a replacement. Returns whether the message is still in flight, and the outcome."""
    delivery = delivered(context)
    replacement = _Replacement(delivery, True, [], context)
    replacement.session_lost(blame, is_alone)
    context.in_flight.connection_lost()
    return context.in_flight.awaits_redelivery, replacement.is_committed


def test_after_a_lost_connection_the_redelivery_is_a_new_message(context: DeliveryContext) -> None:
    for _ in range(3):
        in_flight, outcome = lose(context, None)
        assert outcome.result(0) is False
        assert not in_flight


def test_a_replacement_that_the_broker_refuses_twice_is_the_error_of_the_message(context: DeliveryContext) -> None:
    in_flight, outcome = lose(context, INVALID, is_alone=False)
    assert outcome.result(0) is False
    assert not in_flight
    assert _Replacement(delivered(context), True, [], context).is_suspect
    in_flight, outcome = lose(context, INVALID)
    with pytest.raises(MessageError, match="does not accept the message: 406 invalid expiration"):
        outcome.result(0)
    assert in_flight  # the message must be rejected


def test_a_replacement_that_is_committed_is_no_suspect(context: DeliveryContext) -> None:
    lose(context, INVALID)
    replacement = _Replacement(delivered(context), True, [], context)
    replacement.committed()
    assert replacement.is_committed.result(0) is True
    assert not context.suspects


def test_properties_are_those_with_a_value() -> None:
    nothing: Any = SimpleNamespace()
    method: Any = SimpleNamespace(delivery_tag=1, redelivered=False)
    source = pika.BasicProperties(headers={"a": 1}, delivery_mode=2, correlation_id="c", user_id="guest")
    delivery = RabbitDelivery(nothing, nothing, method, source, b"")
    assert delivery.properties == {"correlation_id": "c", "user_id": "guest"}
