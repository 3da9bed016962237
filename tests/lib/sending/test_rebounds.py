"""Redelivered messages: the knowledge of this process, and the possible attempts of other processes."""

from typing import Any

import pytest
from elasticio import Rebound
from elasticio.wire.incoming import Incoming

from lib.callfire import clock
from lib.callfire.sending import ledger
from tests.lib.sending.conftest import World, back, facts, send, states, until_done


def test_the_settle_time_starts_at_the_rebound_by_another_container(world: World) -> None:
    """This process was running at the rebound, so it does not start the settle time again."""
    world.fault("sendTexts", "reset")
    with pytest.raises(Rebound):
        send(world, settleTime="60", waitLimit="10")
    put_back = world.wall()
    ledger.MESSAGES.forget()
    world.sleep(60)
    away = facts(rebounds=1, published=put_back)
    with pytest.raises(Rebound):  # clocks may differ by some seconds
        send(world, incoming=away, settleTime="60", waitLimit="1")
    ledger.MESSAGES.forget()
    world.sleep(10)
    assert states(send(world, incoming=away, settleTime="60")) == ["READY"]
    assert world.texts() == 1


def test_the_settle_time_starts_with_a_process_younger_than_the_rebound(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that rebounded the message may have died and left a copy that another process has tried."""
    put_back = world.wall()
    world.sleep(100)
    monkeypatch.setattr(ledger, "PROCESS_STARTED", world.wall())
    with pytest.raises(Rebound):
        send(world, incoming=facts(rebounds=1, published=put_back), settleTime="60", waitLimit="1")
    assert world.texts() == 0


def test_a_message_that_passes_many_containers_is_sent(world: World) -> None:
    """Each delivery reaches a container that does not know the message."""

    def elsewhere(incoming: Incoming) -> Any:
        ledger.MESSAGES.forget()
        return send(world, incoming=incoming)

    assert states(until_done(world, elsewhere, facts(redelivered=True))) == ["READY"]
    assert world.texts() == 1


def test_no_send_begins_long_after_the_delivery(world: World) -> None:
    """After a lost connection, another container may have the message and check for the send of this one."""
    many = [{"phoneNumber": f"1213200{index:04}"} for index in range(3)]
    world.fault("sendTexts", "delay", milliseconds=0)
    world.fault("sendTexts", "status", status=429, next=3, headers={"Retry-After": "15"})
    with pytest.raises(Rebound, match=r"^Sending stops \d+ s after the delivery of a message\."):
        send(world, many, batchSize="1")
    assert [world.texts(entry["phoneNumber"]) for entry in many] == [1, 1, 0]
    world.asked()
    assert states(send(world, many, batchSize="1", incoming=back(world))) == ["READY"] * 3
    assert world.asked() == ["POST /texts"]


def test_a_message_rebounded_unsent_is_sent_without_a_check(world: World) -> None:
    world.fault("sendTexts", "status", status=429, next=4)
    with pytest.raises(Rebound):
        send(world)
    world.asked()
    send(world, incoming=back(world))
    assert world.asked() == ["POST /texts"]


def test_it_is_checked_if_another_process_may_have_processed_it(world: World) -> None:
    world.fault("sendTexts", "status", status=429, next=4)
    with pytest.raises(Rebound):
        send(world)
    world.asked()
    until_done(world, lambda incoming: send(world, incoming=incoming), facts(rebounds=2))
    assert world.asked()[0] == "GET /texts"
    assert world.texts() == 1


def test_it_is_checked_if_another_process_may_have_rebounded_it(world: World) -> None:
    """The connection was lost before this process could rebound: the count is the same, the time differs."""
    world.fault("sendTexts", "status", status=429, next=4)
    with pytest.raises(Rebound):
        send(world)
    world.sleep(60)
    world.asked()
    until_done(world, lambda incoming: send(world, incoming=incoming), facts(rebounds=1, published=world.wall()))
    assert world.asked()[0] == "GET /texts"
    assert world.texts() == 1


def test_two_copies_of_a_message_are_sent_once(world: World) -> None:
    """A process that dies between the rebound and the acknowledgement leaves two copies."""
    first = until_done(world, lambda incoming: send(world, incoming=incoming), facts(redelivered=True))
    second = send(world, incoming=facts(rebounds=1))
    assert world.texts() == 1
    assert first["results"][0]["id"] == second["results"][0]["id"]


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_copy_knows_the_attempts_of_the_other_copy(carried_out: bool, world: World) -> None:
    """The rebound of the copy is earlier than the attempt."""
    world.switch(visible_after=50_000)
    put_back = world.wall() + 1
    world.sleep(100)
    world.fault("sendTexts", "reset", carriedOut=carried_out)
    with pytest.raises(Rebound):
        send(world, incoming=facts(rebounds=1, published=put_back), settleTime="60", waitLimit="1")
    with pytest.raises(Rebound):
        send(world, incoming=facts(rebounds=1, published=put_back), settleTime="60", waitLimit="1")
    world.sleep(60)
    assert states(send(world, incoming=back(world, 2), settleTime="60"))
    assert world.texts() == 1


def test_a_copy_waits_while_the_other_is_in_flight(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = []

    def meanwhile(seconds: float) -> None:
        with pytest.raises(Rebound, match="duplicate delivery") as caught:
            send(world, incoming=facts(rebounds=1))
        refused.append(caught)
        world.sleep(seconds)

    monkeypatch.setattr(clock, "sleep", meanwhile)
    with pytest.raises(Rebound, match="send outcome unknown"):
        send(world, incoming=facts(redelivered=True))
    assert refused
    assert world.texts() == 0
