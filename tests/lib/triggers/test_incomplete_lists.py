"""Lists of CallFire that are empty or incomplete once: the next run repeats nothing and loses nothing."""

from typing import Any

import pytest
from callfire_sandbox.switches import Switches

from lib.callfire.polling.polling_snapshot import CELLS
from lib.triggers import new_inbound_calls, new_inbound_texts
from tests.lib.triggers.simulation import CallFire, Platform

MOST_KEPT = CELLS // 4


def flow(**config: Any) -> tuple[CallFire, Platform]:
    callfire = CallFire(Switches())
    login = {"username": "login", "password": "password", "startTime": callfire.clock.now()}
    return callfire, Platform(new_inbound_texts.trigger, callfire, {**login, **config})


def arrive(callfire: CallFire, count: int) -> list[int]:
    return [callfire.arrive("texts")["id"] for _ in range(count)]


def repeats(platform: Platform) -> int:
    return platform.emitted.total() - len(platform.emitted)


@pytest.mark.parametrize("emits_changes", [False, True])
@pytest.mark.parametrize("count", [1, MOST_KEPT + 1, 2 * CELLS])
def test_an_empty_list_repeats_nothing(count: int, emits_changes: bool) -> None:
    callfire, platform = flow(emitChanges=emits_changes)
    arrive(callfire, count)
    assert platform.poll()
    callfire.lists_nothing = True
    for _ in range(3):
        callfire.advance(1000)
        assert platform.poll()
    callfire.lists_nothing = False
    arrive(callfire, 2)
    assert platform.poll()
    assert platform.poll()
    assert (len(platform.emitted), repeats(platform)) == (count + 2, 0)


@pytest.mark.parametrize(("hidden", "expected"), [(1, 0), (MOST_KEPT, 0), (MOST_KEPT + 1, MOST_KEPT + 1)])
def test_items_that_are_missing_once_are_repeated_only_if_there_are_many(hidden: int, expected: int) -> None:
    callfire, platform = flow()
    numbers = arrive(callfire, MOST_KEPT + 20)
    assert platform.poll()
    callfire.hide("texts", numbers[:hidden], hidden=True)
    arrive(callfire, 1)
    assert platform.poll()
    assert platform.poll()
    callfire.hide("texts", numbers[:hidden], hidden=False)
    arrive(callfire, 1)
    assert platform.poll()
    assert (len(platform.emitted), repeats(platform)) == (len(numbers) + 2, expected)


def test_an_empty_list_does_not_end_the_wait_for_an_unfinished_item() -> None:
    callfire, platform = flow(lookback=60)
    waiting = callfire.begin("texts")
    callfire.advance(1000)
    for _ in range(3):
        arrive(callfire, 1)
        assert platform.poll()
        callfire.advance(600_000)
    callfire.lists_nothing = True
    assert platform.poll()
    callfire.lists_nothing = False
    callfire.finish("texts", waiting)
    assert platform.poll()
    assert [number for _, number in platform.last] == [waiting["id"]]


def test_another_form_does_not_keep_items_of_the_form_before() -> None:
    callfire, platform = flow()
    arrive(callfire, 3)
    assert platform.poll()
    platform.config["emitChanges"] = True
    callfire.lists_nothing = True
    assert platform.poll()
    assert platform.snapshot["byOutcome"] is True
    callfire.lists_nothing = False
    assert platform.poll()
    callfire.advance(1000)
    arrive(callfire, 1)
    assert platform.poll()
    assert len(platform.emitted) == 4


def test_a_call_that_is_listed_again_with_another_end_does_not_spoil_the_snapshot() -> None:
    """The ID of a missing item is added once: a second time would remove it."""
    callfire, platform = flow()
    platform.trigger = new_inbound_calls.trigger
    calls = [callfire.arrive("calls") for _ in range(3)]
    assert platform.poll()
    callfire.hide("calls", [calls[0]["id"]], hidden=True)
    callfire.advance(1000)
    callfire.arrive("calls")
    assert platform.poll()
    callfire.hide("calls", [calls[0]["id"]], hidden=False)
    later = [{**record, "finishTime": callfire.clock.now() + 500} for record in calls[0]["records"]]
    callfire.world["calls"].change(calls[0], records=later)
    callfire.advance(1000)
    assert platform.poll()
    before = platform.emitted.total()
    for _ in range(3):
        assert platform.poll()
    assert platform.emitted.total() == before
