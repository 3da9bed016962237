"""Messages that RabbitMQ or pika do not accept: they fail alone, and other messages are not affected"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from queue import SimpleQueue
from typing import Any

import pytest
from elasticio import MessageError
from elasticio.broker import Delivery, Publication
from elasticio.broker.rabbitmq import RabbitBroker
from elasticio.runtime.confirms import publish_and_wait

from services.step_queues import PATIENCE, StepQueues
from tests.integration.odd_headers import UNREADABLE, EncodedHeaders, message_id
from tests.integration.proxy import Proxy, proxy
from tests.sdk.settings import settings

LOST = ("Connection to RabbitMQ lost", "Channel closed by RabbitMQ")
POISON = {"user_id": "somebody else"}  # RabbitMQ closes the channel: the property must be the login's user


class Client:
    """A step's broker, with its deliveries and the ends of its publications."""

    def __init__(self, queues: StepQueues, uri: str, prefetch: int = 1) -> None:
        facts: dict[str, Any] = {
            "amqp_uri": uri,
            "listen_messages_on": queues.input,
            "publish_messages_to": queues.name,
            "rabbitmq_prefetch_sailor": prefetch,
        }
        self.broker = RabbitBroker.of(replace(settings(), **facts))
        self.failures: list[BaseException] = []
        self._inbox: SimpleQueue[Delivery] = SimpleQueue()
        self._ends: SimpleQueue[tuple[bytes, Exception | None]] = SimpleQueue()
        self.broker.connect(self.failures.append)
        self.broker.consume(self._inbox.put)

    def next(self) -> Delivery:
        return self._inbox.get(timeout=PATIENCE)

    def publish(self, body: bytes, **properties: Any) -> None:
        def ended(failure: Exception | None) -> None:
            self._ends.put((body, failure))

        self.broker.publish(publication(body, **properties), ended)

    def ends(self, count: int) -> dict[bytes, Exception | None]:
        return dict(self._ends.get(timeout=PATIENCE) for _ in range(count))


def publication(body: bytes, **properties: Any) -> Publication:
    return Publication("data", body, {"messageId": body.decode()}, properties)


@pytest.fixture
def client(queues: StepQueues) -> Iterator[Client]:
    client = Client(queues, queues.uri, prefetch=5)
    yield client
    client.broker.close()
    assert client.failures == []


def lost(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in log.records if record.getMessage().startswith(LOST)]


def test_a_publication_that_costs_the_channel_twice_fails_alone(
    queues: StepQueues, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sailor")
    for number in range(40):
        properties = POISON if number in {7, 23} else {}
        client.publish(str(number).encode(), **properties)
    ends = client.ends(40)
    failed = {body: failure for body, failure in ends.items() if failure}
    assert failed.keys() == {b"7", b"23"}
    for failure in failed.values():
        assert isinstance(failure, MessageError)
        assert "user_id property set to 'somebody else'" in str(failure)
    assert len(lost(caplog)) <= 4
    came: set[bytes] = set()
    while len(came) < 38:  # what was published before the poison, but not yet confirmed, arrives twice
        came.add(queues.receive("data")[0].payload)
    assert came == ends.keys() - failed.keys()


def test_a_replacement_that_costs_the_channel_twice_fails_alone(
    queues: StepQueues, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sailor")
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
        if not delivery.replace([publication(name.encode())], failed=False):  # its channel was the lost one
            assert client.next().replace([publication(name.encode())], failed=False)
    assert {received.payload for received in queues.receive("data", 4)} == {b"m0", b"m1", b"m2", b"m3"}
    client.broker.close()
    assert len(lost(caplog)) == 2
    assert queues.waiting(queues.input) == 0


@pytest.mark.parametrize("odd", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_message_can_be_rejected(
    queues: StepQueues, client: Client, odd: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    queues.send_encoded(b"odd", EncodedHeaders(odd, message_id(b"m1")))
    queues.send_raw(b"good", {"messageId": "m2"})
    first, second = client.next(), client.next()
    assert (first.body, second.body) == (b"odd", b"good")
    assert first.unreadable
    assert (first.headers or {})["messageId"] == "m1"
    assert second.unreadable is None
    first.reject()
    second.ack()
    client.broker.close()
    assert lost(caplog) == []
    assert queues.waiting(queues.input) == 0


@pytest.mark.parametrize("odd", [["a", "list"], {"a": "table"}, None, b"\xff", True])
@pytest.mark.parametrize("name", ["messageId", "end", "reboundIteration"])
def test_a_message_with_an_odd_identifier_survives_a_lost_connection(queues: StepQueues, name: str, odd: Any) -> None:
    with proxy(queues.uri) as cable:
        client = Client(queues, cable.uri, prefetch=3)
        for body in (b"settled", b"in flight"):
            queues.send_raw(body, {"messageId": "m", name: odd})
        settled, in_flight = client.next(), client.next()
        settled.ack()
        lose_and_restore(client, cable)
        in_flight.ack()
        queues.send_raw(b"next", {})
        following = client.next()
        while following.body != b"next":  # an ack that was lost, of a message that cannot be recognized
            following.ack()
            following = client.next()
        following.ack()
        client.broker.close()
        assert client.failures == []
    assert queues.waiting(queues.input) == 0


def lose_and_restore(client: Client, cable: Proxy) -> None:
    cable.cut()
    publish_and_wait(client.broker, publication(b"the connection is back"))


def test_a_message_that_cannot_be_encoded_does_not_block_the_next(queues: StepQueues, client: Client) -> None:
    with pytest.raises(MessageError):
        client.broker.publish(Publication("data", b"", {"half": "\ud83d"}), client.failures.append)  # type: ignore[arg-type]
    queues.send_raw(b"input", {"messageId": "m"})
    delivery = client.next()
    with pytest.raises(MessageError):
        delivery.replace([Publication("k" * 300, b"", {})], failed=False)
    delivery.ack()
    publish_and_wait(client.broker, publication(b"good"))
    assert queues.receive("data")[0].payload == b"good"
    client.broker.close()
    assert queues.waiting(queues.input) == 0
