"""Messages that RabbitMQ or pika do not accept: they fail alone and do not affect other messages."""

from collections.abc import Iterator
from typing import Any

import pytest
from elasticio import MessageError
from elasticio.broker import Publication
from elasticio.runtime.emitter import publish_and_wait

from services.step_queues import StepQueues
from tests.integration.broker_client import CHANNEL_CLOSED, LOST, BrokerClient, Log, publication
from tests.integration.odd_headers import UNREADABLE, EncodedHeaders, message_id
from tests.integration.proxy import Proxy, proxy

POISON = {"user_id": "another user"}  # RabbitMQ closes the channel: the property must be the login's user


@pytest.fixture
def client(queues: StepQueues) -> Iterator[BrokerClient]:
    client = BrokerClient(queues, rabbitmq_prefetch_sailor=5)
    yield client
    client.broker.close()
    assert client.failures.empty()


def lost(log: Log) -> int:
    """Return the number of lost connections and channels."""
    return sum(LOST in line or CHANNEL_CLOSED in line for line in log.rest())


def test_a_publication_that_closes_the_channel_twice_fails_alone(
    queues: StepQueues, client: BrokerClient, log: Log
) -> None:
    for number in range(40):
        properties = POISON if number in {7, 23} else {}
        client.publish(str(number).encode(), **properties)
    ends = client.ends(40)
    failed = {body: failure for body, failure in ends.items() if failure}
    assert failed.keys() == {b"7", b"23"}
    for failure in failed.values():
        assert isinstance(failure, MessageError)
        assert "user_id property set to 'another user'" in str(failure)
    assert lost(log) <= 4
    came: set[bytes] = set()
    while len(came) < 38:  # unconfirmed messages published before the poison arrive twice
        came.add(queues.receive("data")[0].payload)
    assert came == ends.keys() - failed.keys()


def test_a_replacement_that_closes_the_channel_twice_fails_alone(
    queues: StepQueues, client: BrokerClient, log: Log
) -> None:
    queues.send({}, {"messageId": "poison"})
    for number in range(4):
        queues.send({}, {"messageId": f"m{number}"})
    deliveries = {
        str((delivery.headers or {})["messageId"]): delivery for delivery in (client.next() for _ in range(5))
    }
    poison = deliveries.pop("poison")
    assert not poison.replace([publication(b"never", **POISON)], failed=False)
    again = client.next()  # the others are still in flight, so only the poison is delivered as a new message
    assert (again.headers or {})["messageId"] == "poison"
    with pytest.raises(MessageError, match="user_id property"):
        again.replace([publication(b"never", **POISON)], failed=False)
    again.reject()
    for name, delivery in deliveries.items():
        if not delivery.replace([publication(name.encode())], failed=False):  # its channel was the lost channel
            assert client.next().replace([publication(name.encode())], failed=False)
    assert {received.payload for received in queues.receive("data", 4)} == {b"m0", b"m1", b"m2", b"m3"}
    client.broker.close()
    assert lost(log) == 2
    assert queues.waiting(queues.input) == 0


@pytest.mark.parametrize("odd", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_message_can_be_rejected(queues: StepQueues, client: BrokerClient, odd: bytes, log: Log) -> None:
    queues.send_encoded(b"odd", EncodedHeaders(odd, message_id(b"m1")))
    queues.send_raw(b"good", {"messageId": "m2"})
    first, second = client.next(), client.next()
    assert (first.body, second.body) == (b"odd", b"good")
    assert first.unreadable
    assert (first.headers or {})["messageId"] == "m1"
    assert first.properties == {}
    assert second.unreadable is None
    first.reject()
    second.ack()
    client.broker.close()
    assert lost(log) == 0
    assert queues.waiting(queues.input) == 0


@pytest.mark.parametrize("odd", [["a", "list"], {"a": "table"}, None, b"\xff", True])
@pytest.mark.parametrize("name", ["messageId", "end", "reboundIteration"])
def test_a_message_with_an_odd_identifier_survives_a_lost_connection(queues: StepQueues, name: str, odd: Any) -> None:
    with proxy(queues.uri) as cable:
        client = BrokerClient(queues, cable.uri, rabbitmq_prefetch_sailor=3)
        for body in (b"settled", b"in flight"):
            queues.send_raw(body, {"messageId": "m", name: odd})
        settled, in_flight = client.next(), client.next()
        settled.ack()
        lose_and_restore(client, cable)
        in_flight.ack()
        queues.send_raw(b"next", {})
        following = client.next()
        while following.body != b"next":  # the lost ack of a message that cannot be recognized
            following.ack()
            following = client.next()
        following.ack()
        client.broker.close()
        assert client.failures.empty()
    assert queues.waiting(queues.input) == 0


def lose_and_restore(client: BrokerClient, cable: Proxy) -> None:
    cable.cut()
    publish_and_wait(client.broker, publication(b"the connection is back"))


def test_a_message_that_cannot_be_encoded_does_not_block_the_next(queues: StepQueues, client: BrokerClient) -> None:
    with pytest.raises(MessageError):
        client.broker.publish(Publication("data", b"", {"half": "\ud83d"}), print)
    queues.send_raw(b"input", {"messageId": "m"})
    delivery = client.next()
    with pytest.raises(MessageError):
        delivery.replace([Publication("k" * 300, b"", {})], failed=False)
    delivery.ack()
    publish_and_wait(client.broker, publication(b"good"))
    assert queues.receive("data")[0].payload == b"good"
    client.broker.close()
    assert queues.waiting(queues.input) == 0
