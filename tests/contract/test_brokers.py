"""The broker interface. Each test runs with every implementation."""

import queue
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from elasticio import BrokerError
from elasticio.broker import Broker, Delivery, Publication
from elasticio.broker.memory import Hub, MemoryBroker
from elasticio.broker.rabbitmq import RabbitBroker
from elasticio.broker.topology import Queue, Topology
from elasticio.runtime.emitter import publish_and_wait
from elasticio_runner.brokers import rabbitmq_queues

from tests.integration.proxy import Proxy, proxy
from tests.sdk.settings import settings

PATIENCE = 30  # seconds until a failing test ends


class MemoryServer:
    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self.hub = Hub()
        self.hub.declare(topology)
        self.lose_connections: Callable[[], None] = self.hub.lose_connections

    def client(self, queue_name: str, prefetch: int) -> Broker:
        return MemoryBroker(self.hub, self.topology.exchange, queue_name, prefetch)


class RabbitServer:
    def __init__(self, topology: Topology, cable: Proxy) -> None:
        self.topology = topology
        self._cable = cable
        self.lose_connections: Callable[[], None] = cable.cut

    def client(self, queue_name: str, prefetch: int) -> Broker:
        return RabbitBroker.of(
            replace(
                settings(),
                amqp_uri=self._cable.uri,
                listen_messages_on=queue_name,
                publish_messages_to=self.topology.exchange,
                rabbitmq_prefetch_sailor=prefetch,
            )
        )


class World:
    """A server with four queues, and clients that are closed at the end of the test."""

    def __init__(self, server: MemoryServer | RabbitServer, stack: ExitStack) -> None:
        self._server = server
        self._stack = stack
        self._exits: dict[int, ExitStack] = {}
        self.prefix = server.topology.exchange
        self.lose_connections = server.lose_connections

    def name(self, queue_name: str) -> str:
        return f"{self.prefix}-{queue_name}"

    def connect(
        self, queue_name: str = "input", prefetch: int = 1, on_failure: Callable[[BaseException], None] | None = None
    ) -> Broker:
        client = self._server.client(self.name(queue_name), prefetch)
        client.connect(on_failure)
        exit_of_client = ExitStack()
        exit_of_client.callback(client.close)
        self._stack.push(exit_of_client)
        self._exits[id(client)] = exit_of_client
        return client

    def close(self, listener: "Listener") -> None:
        """Close a client before the end of the test."""
        self._exits[id(listener.broker)].close()

    def listen(self, queue_name: str = "input", prefetch: int = 1) -> "Listener":
        return Listener(self.connect(queue_name, prefetch))


class Listener:
    """A consumer that stores deliveries until the test reads them."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self._inbox: queue.SimpleQueue[Delivery] = queue.SimpleQueue()
        broker.consume(self._inbox.put)

    def next(self) -> Delivery:
        return self._inbox.get(timeout=PATIENCE)

    def text(self) -> str:
        """Ack the next delivery and return its text."""
        delivery = self.next()
        delivery.ack()
        return delivery.body.decode()

    @property
    def is_empty(self) -> bool:
        return self._inbox.empty()


def topology() -> Topology:
    exchange = f"test-{uuid.uuid4()}"
    return Topology(
        exchange,
        (
            Queue(f"{exchange}-input", ("input", "both")),
            Queue(f"{exchange}-other", ("other", "both")),
            Queue(f"{exchange}-rebound", ("rebound",), expired_to="input"),
            Queue(f"{exchange}-fleeting", ("fleeting",)),
        ),
    )


@pytest.fixture(params=["memory", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    queues = topology()
    with ExitStack() as stack:
        if request.param == "memory":
            yield World(MemoryServer(queues), stack)
            return
        uri = request.getfixturevalue("broker").uri
        rabbitmq_queues.declare(uri, queues)
        stack.callback(rabbitmq_queues.delete, uri, queues)
        cable = stack.enter_context(proxy(uri))
        yield World(RabbitServer(queues, cable), stack)


def message(text: str, key: str = "input", **headers: object) -> Publication:
    return Publication(key, text.encode(), {"messageId": text, **headers})


def test_a_message_arrives_as_it_was_published(world: World) -> None:
    listener = world.listen()
    headers = {
        "messageId": "m",
        "reply_to": "r",
        "start": 1_700_000_000_000,
        "flag": True,
        "deep": {"list": [1, "two"]},
    }
    publish_and_wait(listener.broker, Publication("input", b"\x00\xff", headers))
    delivery = listener.next()
    assert delivery.body == b"\x00\xff"
    assert delivery.headers == headers
    assert dict(delivery.properties) == {"content_type": "application/json", "content_encoding": "utf8"}
    assert not delivery.redelivered
    delivery.ack()


def test_a_message_reaches_every_queue_that_its_key_is_bound_to(world: World) -> None:
    first, second = world.listen("input"), world.listen("other")
    publish_and_wait(first.broker, message("for both", "both"))
    publish_and_wait(first.broker, message("for one", "other"))
    assert first.text() == "for both"
    assert [second.text(), second.text()] == ["for both", "for one"]


@pytest.mark.parametrize("mandatory", [True, False])
def test_an_unroutable_message_is_not_an_error(world: World, mandatory: bool) -> None:
    listener = world.listen()
    publish_and_wait(listener.broker, replace(message("lost", "no such key"), mandatory=mandatory))
    publish_and_wait(listener.broker, message("found"))
    assert listener.text() == "found"


def test_messages_keep_their_order(world: World) -> None:
    publisher = world.connect()
    for number in range(100):
        publish_and_wait(publisher, message(str(number)))
    listener = world.listen(prefetch=10)
    assert [listener.text() for _ in range(100)] == [str(number) for number in range(100)]


def test_publishing_from_many_threads_loses_nothing(world: World) -> None:
    listener = world.listen(prefetch=20)

    def publish(name: int) -> None:
        for number in range(50):
            publish_and_wait(listener.broker, message(f"{name}.{number}"))

    threads = [threading.Thread(target=publish, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    seen = {listener.text() for _ in range(8 * 50)}
    for thread in threads:
        thread.join()
    assert len(seen) == 8 * 50


def test_no_more_than_the_prefetch_is_in_flight(world: World) -> None:
    listener, witness = world.listen(prefetch=2), world.listen("other")
    for text in ("one", "two", "three"):
        publish_and_wait(listener.broker, message(text))
    held = [listener.next(), listener.next()]
    publish_and_wait(witness.broker, message("sign of life", "other"))
    assert witness.text() == "sign of life"
    assert listener.is_empty
    held[1].ack()
    assert listener.text() == "three"
    held[0].ack()


def test_two_messages_with_the_same_id_are_both_delivered(world: World) -> None:
    listener = world.listen(prefetch=5)
    for text in ("one", "two", "two"):
        publish_and_wait(listener.broker, replace(message(text), headers={"messageId": "same"}))
    assert [listener.text() for _ in range(3)] == ["one", "two", "two"]


@pytest.mark.parametrize("outcome", ["ack", "reject"])
def test_a_settled_message_is_not_redelivered(world: World, outcome: str) -> None:
    listener = world.listen()
    publish_and_wait(listener.broker, message("one"))
    getattr(listener.next(), outcome)()
    publish_and_wait(listener.broker, message("two"))
    assert listener.text() == "two"
    world.close(listener)
    successor = world.listen()
    publish_and_wait(successor.broker, message("three"))
    assert successor.text() == "three"


def test_messages_in_flight_return_to_the_queue_when_the_step_closes(world: World) -> None:
    listener = world.listen(prefetch=2)
    for text in ("one", "two", "three"):
        publish_and_wait(listener.broker, message(text))
    assert [listener.next().body, listener.next().body] == [b"one", b"two"]
    world.close(listener)
    successor = world.listen()
    found = []
    for _ in range(3):
        delivery = successor.next()
        found.append((delivery.body, delivery.redelivered))
        delivery.ack()
    assert found == [(b"one", True), (b"two", True), (b"three", False)]


def test_processing_continues_while_the_connection_is_lost(world: World) -> None:
    listener = world.listen(prefetch=3)
    for text in ("before", "during", "failing"):
        publish_and_wait(listener.broker, message(text))
    held = [listener.next() for _ in range(3)]
    world.lose_connections()
    held[0].ack()  # the broker may still be unavailable: the ack must wait for it
    held[2].reject()
    publish_and_wait(listener.broker, message("after"))
    assert listener.text() == "after"  # and none of the three is redelivered
    held[1].ack()
    publish_and_wait(listener.broker, message("later"))
    assert listener.text() == "later"
    world.close(listener)
    successor = world.listen()
    publish_and_wait(successor.broker, message("all done"))
    assert successor.text() == "all done"


@pytest.mark.parametrize("failed", [True, False])
def test_other_messages_replace_a_message(world: World, failed: bool) -> None:
    listener, other = world.listen(prefetch=2), world.listen("other")
    for text in ("one", "two"):
        publish_and_wait(listener.broker, message(text))
    first, second = listener.next(), listener.next()
    assert first.replace([message("instead", "other"), message("and", "other")], failed=failed)
    assert [other.text(), other.text()] == ["instead", "and"]
    second.ack()  # on the same channel as the replacement
    publish_and_wait(listener.broker, message("three"))
    assert listener.text() == "three"
    world.close(listener)
    successor = world.listen()
    publish_and_wait(successor.broker, message("all done"))
    assert successor.text() == "all done"


def test_a_lost_message_is_not_replaced_and_is_redelivered_as_new(world: World) -> None:
    listener, other = world.listen(prefetch=2), world.listen("other")
    for text in ("one", "two"):
        publish_and_wait(listener.broker, message(text))
    first, second = listener.next(), listener.next()
    world.lose_connections()
    deadline = time.monotonic() + PATIENCE
    while first.replace([message("instead", "other")], failed=False):
        # The step notices the loss after a moment. A message redelivered before that is in flight as before.
        assert other.text() == "instead"
        assert time.monotonic() < deadline
        publish_and_wait(listener.broker, message("one"))
        first = listener.next()
        world.lose_connections()
    again = listener.next()
    assert (again.body, again.redelivered) == (b"one", True)
    again.ack()
    second.ack()  # the other message stayed in flight
    publish_and_wait(listener.broker, message("sign of life", "other"))
    assert other.text() == "sign of life"
    assert listener.is_empty


def test_many_messages_are_replaced_and_acked_at_the_same_time(world: World) -> None:
    listener, other = world.listen(prefetch=20), world.listen("other", prefetch=50)
    for number in range(40):
        publish_and_wait(listener.broker, message(str(number)))

    def work() -> None:
        for _ in range(10):
            delivery = listener.next()
            text = delivery.body.decode()
            if int(text) % 2:
                delivery.ack()
            else:
                assert delivery.replace([message(text, "other")], failed=False)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {other.text() for _ in range(20)} == {str(number) for number in range(0, 40, 2)}
    world.close(listener)
    successor = world.listen()
    publish_and_wait(successor.broker, message("all done"))
    assert successor.text() == "all done"


def test_a_publication_is_repeated_after_a_lost_connection(world: World) -> None:
    listener = world.listen()
    world.lose_connections()
    publish_and_wait(listener.broker, message("still here"))
    assert listener.text() == "still here"


def test_an_expired_message_is_routed_by_its_queue(world: World) -> None:
    listener = world.listen()
    waiting = message("later", "rebound", reboundIteration=1)
    publish_and_wait(
        listener.broker, replace(waiting, properties={**waiting.properties, "expiration": "20"}, mandatory=False)
    )
    delivery = listener.next()
    assert delivery.body == b"later"
    assert delivery.headers is not None
    assert delivery.headers["reboundIteration"] == 1
    assert "expiration" not in delivery.properties
    delivery.ack()


def test_an_expired_message_without_a_route_is_dropped(world: World) -> None:
    publisher = world.listen()
    brief = message("brief", "fleeting")
    publish_and_wait(publisher.broker, replace(brief, properties={"expiration": "1"}))
    publish_and_wait(publisher.broker, replace(message("clock", "rebound"), properties={"expiration": "100"}))
    assert publisher.text() == "clock"
    late = world.listen("fleeting")
    publish_and_wait(late.broker, message("lasting", "fleeting"))
    assert late.text() == "lasting"


def test_nothing_is_delivered_after_stop_consuming(world: World) -> None:
    listener = world.listen()
    publish_and_wait(listener.broker, message("in flight"))
    held = listener.next()
    listener.broker.stop_consuming()
    publish_and_wait(listener.broker, message("for the next one"))
    held.ack()
    successor = world.listen()
    assert successor.text() == "for the next one"
    assert listener.is_empty


def test_a_missing_queue_cannot_be_consumed(world: World) -> None:
    client = world.connect("typo")
    with pytest.raises(BrokerError, match="typo"):
        client.consume(lambda _: None)


def test_an_error_of_a_callback_is_reported(world: World) -> None:
    broker = world.connect(on_failure=(failures := queue.SimpleQueue[BaseException]()).put)

    def fail(delivery: Delivery) -> None:
        raise ZeroDivisionError(delivery.body)

    publish_and_wait(broker, message("one"))
    broker.consume(fail)
    assert isinstance(failures.get(timeout=PATIENCE), ZeroDivisionError)


def test_a_readable_message_has_no_reason(world: World) -> None:
    listener = world.listen()
    publish_and_wait(listener.broker, message("one"))
    delivery = listener.next()
    assert delivery.unreadable is None
    delivery.ack()
