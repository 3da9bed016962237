"""Transactions: which work shares a commit, what a lost session means for it, and who is to blame."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from elasticio.broker.rabbitmq import transaction
from elasticio.broker.rabbitmq.transaction import Suspects, Transactions
from pika.exceptions import ChannelClosedByBroker, StreamLostError

INVALID, LOST = ChannelClosedByBroker(406, "invalid expiration"), StreamLostError("reset")


class Channel:
    """A channel in transaction mode. The test confirms commits."""

    def __init__(self) -> None:
        self.commits: list[Callable[[Any], None]] = []

    def tx_select(self) -> None:
        pass

    def tx_commit(self, confirmed: Callable[[Any], None]) -> None:
        self.commits.append(confirmed)

    def confirm(self) -> None:
        self.commits.pop(0)(None)


class Work:
    """Records its calls in `log`."""

    def __init__(self, name: str, log: list[Any], *, is_suspect: bool = False) -> None:
        self.name, self.log, self.is_suspect = name, log, is_suspect

    def write(self) -> None:
        if self.name == "unwritable":
            raise ValueError(self.name)
        self.log.append(f"write {self.name}")

    def committed(self) -> None:
        self.log.append(f"committed {self.name}")

    def session_lost(self, blame: Exception | None, is_alone: bool) -> None:
        self.log.append((self.name, blame, is_alone))


class World:
    """Transactions on a channel. An error ends the session, like in production."""

    def __init__(self) -> None:
        self.log: list[Any] = []
        self.channel = Channel()
        self.transactions = Transactions(self.channel, self.transactions_failed)

    def transactions_failed(self, error: Exception) -> None:
        self.transactions.session_lost(error)

    def add(self, *names: str, is_suspect: bool = False) -> None:
        for name in names:
            self.transactions.add(Work(name, self.log, is_suspect=is_suspect))

    def logged(self) -> list[Any]:
        log, self.log[:] = list(self.log), []
        return log


@pytest.fixture
def world() -> World:
    async def create() -> World:  # asyncio's events belong to a loop
        return World()

    return asyncio.run(create())


def test_work_is_committed_at_once(world: World) -> None:
    assert world.transactions.all_done.is_set()
    world.add("a")
    assert world.logged() == ["write a"]
    assert not world.transactions.all_done.is_set()
    assert not world.transactions.has_committed
    world.channel.confirm()
    assert world.logged() == ["committed a"]
    assert world.transactions.all_done.is_set()
    assert world.transactions.has_committed


def test_work_during_a_commit_shares_the_next_one(world: World) -> None:
    world.add("a", "b", "c")
    assert world.logged() == ["write a"]
    world.channel.confirm()
    assert world.logged() == ["write b", "write c", "committed a"]
    assert not world.transactions.all_done.is_set()
    world.channel.confirm()
    assert world.logged() == ["committed b", "committed c"]
    assert world.channel.commits == []


def test_all_work_is_committed_alone_while_there_is_a_suspect(world: World) -> None:
    world.add("a")
    world.add("b")
    world.add("c", is_suspect=True)
    world.channel.confirm()
    assert world.logged() == ["write a", "write b", "committed a"]
    world.channel.confirm()
    assert world.logged() == ["write c", "committed b"]


def test_only_work_in_the_commit_is_blamed(world: World) -> None:
    world.add("a", "b", "c")
    world.logged()
    world.transactions.session_lost(INVALID)
    assert world.logged() == [("a", INVALID, True), ("b", None, False), ("c", None, False)]
    assert world.transactions.all_done.is_set()


def test_work_that_shares_a_commit_is_not_alone(world: World) -> None:
    world.add("a", "b", "c")
    world.channel.confirm()
    world.logged()
    world.transactions.session_lost(INVALID)
    assert world.logged() == [("b", INVALID, False), ("c", INVALID, False)]


def test_a_lost_connection_blames_no_work(world: World) -> None:
    world.add("a")
    world.logged()
    world.transactions.session_lost(LOST)
    assert world.logged() == [("a", None, True)]


def test_work_that_cannot_be_written_ends_the_session_and_all_work(world: World) -> None:
    world.add("a", "unwritable", "b")
    world.channel.confirm()
    assert world.logged() == ["write a", ("unwritable", None, False), ("b", None, False), "committed a"]
    assert world.transactions.all_done.is_set()


class TestSuspects:
    def test_the_second_time_alone_is_a_conviction(self) -> None:
        suspects = Suspects()
        assert not suspects
        assert not suspects.convict("m", True)
        assert suspects
        assert not suspects.convict("m", False)  # another message in the commit may be invalid
        assert suspects.convict("m", True)
        assert not suspects

    def test_a_message_that_was_replaced_is_no_suspect(self) -> None:
        suspects = Suspects()
        suspects.convict("m", True)
        suspects.acquit("m")
        suspects.acquit("another")
        assert not suspects
        assert not suspects.convict("m", True)

    def test_their_number_is_limited(self) -> None:
        suspects = Suspects()
        for number in range(transaction._MOST_SUSPECTS + 1):
            suspects.convict(number, True)
        assert not suspects.convict(0, True)  # the oldest was forgotten, which forgets number 1
        assert suspects.convict(2, True)
        assert not suspects.convict(1, True)
