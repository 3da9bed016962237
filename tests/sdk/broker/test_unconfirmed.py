"""Publications without a confirm: retries, and the search for the one that makes the broker close the channel."""

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import pytest
from elasticio import BrokerError, MessageError
from elasticio.broker import Publication
from elasticio.broker.rabbitmq.publisher import PublicationEncoder, Publisher, PublishRetry
from pika import spec
from pika.exceptions import ChannelClosedByBroker, StreamLostError
from pika.frame import Method

INVALID, LOST = ChannelClosedByBroker(406, "invalid"), StreamLostError("reset")


class World:
    """A publisher whose broker the test plays. `ends` has the error of each ended publication, None after a confirm."""

    def __init__(self, attempts: int) -> None:
        self.sent: list[str] = []
        self.ends: dict[str, Any] = {}
        connection: Any = SimpleNamespace(session=None, close=self._close)
        self._connection = connection
        io: Any = SimpleNamespace(loop=asyncio.get_running_loop(), do=lambda call, *given: call(*given))
        retry = PublishRetry(attempts, 0.001, 0.001)
        self.publisher = Publisher(io, connection, PublicationEncoder("exchange", persistent=True), retry)

    async def open(self) -> None:
        """Open a session; the publisher sends what waits."""
        channel = SimpleNamespace(confirm_delivery=None, add_on_return_callback=lambda _: None)
        stream = SimpleNamespace(send_message=self._send, params=SimpleNamespace(frame_max=131_072))
        session: Any = SimpleNamespace(is_up=True, channel=channel, connection=stream, call=self._call)
        await self.publisher.session_opened(session)
        self._connection.session = session
        await asyncio.sleep(0)

    def publish(self, *names: str) -> None:
        for name in names:
            publication = Publication("key", name.encode(), {"messageId": name})
            self.publisher.publish(publication, lambda failure, name=name: self._ended(name, failure))  # type: ignore[misc]

    def confirm(self, tag: int, *, refused: bool = False, multiple: bool = False) -> None:
        kind = spec.Basic.Nack if refused else spec.Basic.Ack
        self.publisher._confirmed(Method(1, kind(tag, multiple)))

    async def lose(self, reason: Exception) -> None:
        """Lose the session and open another one."""
        self._connection.session = None
        self.publisher.session_lost(reason)
        await self.open()

    def now_sent(self) -> list[str]:
        sent, self.sent[:] = list(self.sent), []
        return sent

    def _send(self, _head: bytes, body: bytes) -> None:
        self.sent.append(body.decode())

    def _ended(self, name: str, failure: Exception | None) -> None:
        assert name not in self.ends, f"{name} ended twice"
        self.ends[name] = failure

    async def _call(self, *_: object) -> None:
        pass

    async def _close(self, _timeout: float) -> None:
        pass


Scenario = Callable[[World], Coroutine[Any, Any, None]]


def plays(scenario: Scenario, attempts: int = 10) -> None:
    async def play() -> None:
        world = World(attempts)
        await world.open()
        await scenario(world)

    asyncio.run(play())


def test_an_invalid_publication_is_found_and_fails_alone() -> None:
    async def scenario(world: World) -> None:
        world.publish("a", "bad", "b")
        await world.lose(INVALID)
        assert world.ends == {}
        world.publish("c")
        assert world.now_sent() == ["a", "bad", "b", "a"]
        world.confirm(1)
        assert world.now_sent() == ["bad"]
        await world.lose(INVALID)
        assert isinstance(world.ends["bad"], MessageError)
        assert str(world.ends["bad"]) == "RabbitMQ does not accept the message: 406 invalid"
        assert world.now_sent() == ["b"]
        world.confirm(1)
        assert world.now_sent() == ["c"]
        world.confirm(2)
        assert {name: failure for name, failure in world.ends.items() if name != "bad"} == dict.fromkeys("abc")

    plays(scenario)


def test_a_lost_connection_does_not_convict() -> None:
    async def scenario(world: World) -> None:
        world.publish("a", "b")
        await world.lose(INVALID)
        for _ in range(3):
            await world.lose(LOST)
        assert world.now_sent() == ["a", "b", "a", "a", "a", "a"]
        world.confirm(1)
        world.confirm(2)
        assert world.ends == dict.fromkeys("ab")

    plays(scenario)


def test_a_suspect_that_cannot_be_sent_is_sent_once_later() -> None:
    async def scenario(world: World) -> None:
        world.publish("a", "b", "c")
        await world.lose(INVALID)
        world.now_sent()
        world._connection.session.is_up = False  # the confirm is read before the end of the session
        world.confirm(1)
        assert world.now_sent() == []
        await world.lose(LOST)
        world.confirm(1)
        world.confirm(2)
        assert world.now_sent() == ["b", "c"]
        assert world.ends == dict.fromkeys("abc")

    plays(scenario)


def test_a_confirm_can_end_several_publications() -> None:
    async def scenario(world: World) -> None:
        world.publish("a", "b", "c")
        world.confirm(2, multiple=True)
        assert world.ends == dict.fromkeys("ab")
        world.confirm(2)  # is ended already
        world.confirm(3)
        assert world.ends == dict.fromkeys("abc")

    plays(scenario)


def test_a_refused_publication_is_retried_after_a_pause() -> None:
    async def scenario(world: World) -> None:
        world.publish("a")
        for attempt in range(1, 3):
            world.confirm(attempt, refused=True)
            assert world.ends == {}
            while len(world.sent) <= attempt:
                await asyncio.sleep(0)
        world.confirm(3, refused=True)
        assert isinstance(world.ends["a"], BrokerError)
        assert world.now_sent() == ["a"] * 3

    plays(scenario, attempts=3)


@pytest.mark.parametrize("event", ["session_lost", "reconnect_failed"])
def test_attempts_without_a_connection_are_limited(event: str) -> None:
    async def scenario(world: World) -> None:
        world.publish("a")
        await world.lose(LOST)
        assert world.ends == {}
        if event == "reconnect_failed":
            world._connection.session = None
            world.publisher.session_lost(LOST)
            world.publisher.reconnect_failed(LOST)
        else:
            await world.lose(LOST)
            await world.lose(LOST)
        assert isinstance(world.ends["a"], BrokerError)
        assert str(world.ends["a"]) == "Failed on publishing a message to MQ: reset"

    plays(scenario, attempts=3)


def test_close_ends_each_publication_once() -> None:
    async def scenario(world: World) -> None:
        world.publish("suspect", "b")
        await world.lose(INVALID)
        world.publish("waits")
        await world.publisher.close(1)
        assert {name: type(failure) for name, failure in world.ends.items()} == dict.fromkeys(
            ("suspect", "b", "waits"), BrokerError
        )
        world.publish("late")
        assert isinstance(world.ends["late"], BrokerError)

    plays(scenario)
