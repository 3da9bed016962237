"""Cases beyond the simulation: long backlogs, very many late items, old and damaged snapshots."""

import json
import tracemalloc
from contextlib import closing
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from callfire_sandbox.switches import PROFILES, Switches
from elasticio import Message

from lib.callfire.api.client import Request
from lib.callfire.api.errors import CallFireError, InvalidSettings
from lib.callfire.polling.item_kinds import CALLS, TEXTS
from lib.callfire.polling.polling_run import PollingRules, PollingRun
from lib.callfire.polling.polling_snapshot import CELLS, PollingSnapshot
from lib.callfire.polling.sketch import Sketch, digest_of
from lib.triggers import new_inbound_calls, new_inbound_texts
from tests.lib.triggers.simulation import BEGIN, SNAPSHOT_LIMIT, CallFire, Platform

LOGIN = {"username": "login", "password": "password"}


def flow(callfire: CallFire, trigger: Any = new_inbound_texts.trigger, **config: Any) -> Platform:
    return Platform(trigger, callfire, {**LOGIN, "startTime": BEGIN, **config})


@pytest.mark.parametrize("order", ["newest", "oldest", "shuffled"])
def test_a_backlog_is_emitted_in_order_with_one_request_a_page(order: str) -> None:
    callfire = CallFire(Switches(order=order, total_count="unknown"))
    numbers = [callfire.arrive("texts", created=BEGIN + number // 3)["id"] for number in range(6_000)]
    platform = flow(callfire, pageSize=200)
    assert platform.poll()
    assert [number for _, number in platform.last] == numbers
    assert callfire.requests <= 6_000 / 200 + 2
    assert platform.largest < SNAPSHOT_LIMIT
    requests = callfire.requests
    callfire.advance(3_600_000)
    callfire.arrive("texts")
    assert platform.poll()
    assert len(platform.last) == 1
    assert platform.poll()
    assert callfire.requests > requests


def test_after_a_crash_a_backlog_continues_at_the_snapshot() -> None:
    callfire = CallFire(Switches(order="newest"))
    total = 6_000
    for number in range(total):
        callfire.arrive("texts", created=BEGIN + number * 1000)
    callfire.advance(total * 1000)
    platform = flow(callfire, pageSize=100)
    assert not platform.poll(5_000 + 50)
    emitted, requests = platform.emitted.total(), callfire.requests
    assert emitted == 5_000
    assert platform.poll()
    assert platform.emitted.total() - total <= 100
    assert len(platform.emitted) == total
    # the rest, and the items within the lookback window of ten minutes
    assert callfire.requests - requests <= (total - emitted + 700) / 100 + 2


class Endless(CallFire):
    """A CallFire with any number of texts, which it creates for each page."""

    total = 0

    def call(self, request: Request, *, tries: int = 1) -> Any:
        """Return the requested page, newest first."""
        query = {name: int(value) for name, value in parse_qsl(request.query) if value.isdigit()}
        end = self.total - query["offset"]
        numbers = range(end, max(0, end - query["limit"]), -1)
        items = [{"id": number, "created": BEGIN + number, "inbound": True, "message": "x" * 500} for number in numbers]
        return SimpleNamespace(value={"items": items}, raw=SimpleNamespace(headers={}))


def test_memory_does_not_grow_with_the_backlog() -> None:
    peaks = []
    for total in (1_000, 8_000):
        callfire = Endless(Switches())
        callfire.total = total
        platform, count = flow(callfire), 0
        tracemalloc.start()
        with callfire.answering():
            for _ in platform.trigger.process(platform, Message(), platform.config, None):  # type: ignore[arg-type]
                count += 1
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert count == total
    assert peaks[1] < peaks[0] + 200_000


def test_too_many_late_items_are_repeated_and_not_lost(caplog: pytest.LogCaptureFixture) -> None:
    callfire = CallFire(Switches())
    platform = flow(callfire)
    for number in range(2000):
        callfire.arrive("texts", created=BEGIN + 2 * number)
    callfire.advance(5000)
    assert platform.poll()
    for number in range(600):
        callfire.arrive("texts", created=BEGIN + 2 * number + 1)
    assert platform.poll()
    assert len(platform.emitted) == 2600
    assert "may have been emitted before" in caplog.text
    callfire.arrive("texts")
    assert platform.poll()
    assert len(platform.last) == 1


@pytest.mark.parametrize(("early", "late"), [(2000, 250), (250, 2000), (0, 3000)])
def test_many_late_items_are_distinguished_from_emitted_ones(early: int, late: int) -> None:
    callfire = CallFire(Switches())
    platform = flow(callfire)
    for _ in range(early):
        callfire.arrive("texts", created=BEGIN + 1)
    callfire.arrive("texts", created=BEGIN + 2)
    callfire.advance(5000)
    assert platform.poll()
    for _ in range(late):
        callfire.arrive("texts", created=BEGIN)
    assert platform.poll()
    assert len(platform.last) == late
    assert platform.emitted.total() == len(platform.emitted) == early + late + 1


def test_pending_items_keep_the_lower_bound() -> None:
    """Others overtake an item that is open for long. The crash happens when it has just ended, with another."""
    callfire = CallFire(Switches())
    platform = flow(callfire, lookback=1, pageSize=1)
    first, second = callfire.begin("texts"), callfire.begin("texts")
    callfire.advance(60_000)
    callfire.arrive("texts")
    assert platform.poll()
    callfire.finish("texts", first)
    callfire.finish("texts", second)
    assert not platform.poll(2)  # the first is emitted and written down
    assert platform.poll()
    assert {number for number, _ in platform.emitted} >= {first["id"], second["id"]}
    assert platform.emitted.total() == 3


def test_long_calls_pending_after_a_crash_are_found_by_their_start() -> None:
    callfire = CallFire(Switches(interval_field="created"))
    platform = flow(callfire, new_inbound_calls.trigger, lookback=600, pageSize=1)
    long = [callfire.begin("calls") for _ in range(3)]
    callfire.advance(1_200_000)
    callfire.arrive("calls")
    assert platform.poll()
    callfire.advance(5000)
    for call in long:
        callfire.finish("calls", call)
    assert not platform.poll(2)  # the first is emitted and written down
    assert platform.poll()
    assert len(platform.emitted) == platform.emitted.total() == 4


def test_a_time_of_change_before_the_creation_is_within_the_margin() -> None:
    callfire = CallFire(Switches(interval_field="modified", interval_bounds="()"))
    platform = flow(callfire, lookback=0)
    for _ in range(3):
        callfire.advance(1000)
        text = callfire.arrive("texts")
        callfire.world["texts"].change(text, modified=text["created"] - 2000)
        assert platform.poll()
        assert len(platform.last) == 1


def test_the_order_of_a_call_is_that_of_its_first_end() -> None:
    callfire = CallFire(Switches(interval_field="modified"))
    platform = flow(callfire, new_inbound_calls.trigger)
    call = callfire.arrive("calls")
    callfire.advance(1000)
    assert platform.poll()
    callfire.change("calls", call, "BUSY")
    callfire.advance(1000)
    assert platform.poll()
    assert platform.emitted.total() == 1


def test_changes_are_emitted_after_the_form_enables_them() -> None:
    callfire = CallFire(Switches())
    platform = flow(callfire)
    text, _ = callfire.arrive("texts"), callfire.arrive("texts")
    assert platform.poll()
    platform.config["emitChanges"] = True
    assert platform.poll()
    assert platform.emitted.total() == 2
    callfire.change("texts", text, "TOO_BIG")
    assert platform.poll()
    assert [number for _, number in platform.last] == [text["id"]]
    platform.config["emitChanges"] = "false"
    assert platform.poll()
    callfire.change("texts", text, "UNDIALED")
    assert platform.poll()
    assert platform.emitted.total() == 3


def test_after_the_end_time_there_are_no_requests() -> None:
    callfire = CallFire(Switches())
    platform = flow(callfire, endTime=BEGIN + 1000)
    callfire.arrive("texts")
    callfire.advance(2000)
    callfire.arrive("texts")
    assert platform.poll()
    assert platform.poll()
    assert platform.emitted.total() == 1
    callfire.advance(700_000)
    assert platform.poll()
    requests = callfire.requests
    assert platform.poll()
    assert callfire.requests == requests
    platform.config["endTime"] = ""
    callfire.arrive("texts")
    assert platform.poll()
    assert len(platform.last) >= 1


def test_filters_are_sent_to_callfire() -> None:
    callfire = CallFire(Switches())
    platform = flow(callfire, toNumber="12135550100", label="vip", results=["RECEIVED", "TOO_BIG"], campaignId="0")
    wanted = callfire.arrive("texts", labels=["vip"])
    callfire.arrive("texts", labels=["other"])
    assert platform.poll()
    assert [number for _, number in platform.last] == [wanted["id"]]


@pytest.mark.parametrize("profile", ["kind", "harsh"])
@pytest.mark.parametrize("trigger", [new_inbound_texts.trigger, new_inbound_calls.trigger])
def test_both_profiles_of_the_sandbox_work(profile: str, trigger: Any) -> None:
    table = trigger.operation.route.path.strip("/")
    callfire = CallFire(PROFILES[profile].changed({"rate_limit": 0}))
    platform = flow(callfire, trigger, pageSize=7)
    due = set()
    for _ in range(20):
        due |= {callfire.arrive(table)["id"] for _ in range(9)}
        assert platform.poll()
        callfire.advance(777)
    callfire.advance(3000)
    assert platform.poll()
    assert {number for number, _ in platform.emitted} == due
    assert platform.emitted.total() == len(due)


def test_two_runs_are_not_active_at_the_same_time(caplog: pytest.LogCaptureFixture) -> None:
    callfire = CallFire(Switches())
    platform = flow(callfire)
    callfire.arrive("texts")
    other = Platform(platform.trigger, callfire, platform.config)

    def meanwhile() -> None:
        callfire.before_request = lambda: None
        other.poll()

    callfire.before_request = meanwhile
    assert platform.poll()
    assert (platform.emitted.total(), other.emitted.total()) == (1, 0)
    assert "previous run is still active" in caplog.text


def test_a_snapshot_that_went_through_floats_is_read() -> None:
    memory = PollingSnapshot.new(BEGIN).noting(BEGIN, 2**62 + 1, "")
    assert (
        PollingSnapshot.load(json.loads(json.dumps({**memory.dump(), "moment": float(BEGIN)}))).dump() == memory.dump()
    )


ODD_IDS: tuple[Any, ...] = (float("inf"), 1.5, True, " 5", "1_0", "9" * 5000, [])


@pytest.mark.parametrize(
    "damage",
    [
        {"seen": "x"},
        {"seen": 5},
        {"seen": Sketch(12).dump()},
        {"id": "one"},
        {"floor": None},
        {"moment": "soon"},
        {"start": True},
        {"byOutcome": "yes"},
        {"version": 3},
        {"version": 1},
        {"version": None},
        {"ended": []},
        {"moment": 10**30},
        {"start": float("inf")},
        {"floor": float("nan")},
        {"floor": -(10**30)},
        {"id": "9" * 30},
        {"id": "-2"},
        *({"id": odd} for odd in ODD_IDS),
    ],
)
def test_a_damaged_snapshot_is_an_error(damage: dict[str, Any]) -> None:
    callfire = CallFire(Switches())
    platform = flow(callfire)
    callfire.arrive("texts")
    platform.snapshot = {**PollingSnapshot.new(BEGIN).dump(), **damage}
    with pytest.raises(CallFireError, match="Reset the snapshot"):
        platform.poll()
    assert callfire.requests == 0


@pytest.mark.parametrize("field", ["startTime", "endTime", "lookback", "pageSize", "emitBehavior", "emitChanges"])
def test_an_invalid_field_is_an_error(field: str) -> None:
    with pytest.raises(InvalidSettings, match=rf"^{field}: "):
        flow(CallFire(Switches()), **{field: "nonsense"}).poll()
    with pytest.raises(InvalidSettings, match=r"^endTime: is before startTime"):
        flow(CallFire(Switches()), endTime=BEGIN - 1).poll()


def test_a_sample_emits_no_snapshot() -> None:
    callfire = CallFire(Switches())
    platform = flow(callfire, new_inbound_calls.trigger)
    platform.is_debug = True
    with pytest.raises(CallFireError, match="No sample available"):
        platform.poll()
    for _ in range(12):
        callfire.arrive("calls")
    with callfire.answering():
        assert len(list(platform.trigger.process(platform, Message(), platform.config, None))) == 10  # type: ignore[arg-type]
        platform.config["emitBehavior"] = "emitPage"
        (page,) = platform.trigger.process(platform, Message(), platform.config, None)  # type: ignore[arg-type]
    assert len(page.body["items"]) == 10
    assert platform.snapshot is None


def test_the_schema_follows_the_form() -> None:
    single = new_inbound_texts.get_meta_model({})["out"]["properties"]
    pages = new_inbound_texts.get_meta_model({"emitBehavior": "emitPage"})["out"]["properties"]
    assert "message" in single
    assert set(pages) == {"items"}


def test_an_item_without_a_time_is_emitted_once() -> None:
    with closing(PollingRun(TEXTS, PollingRules(1000), PollingSnapshot.new(BEGIN), BEGIN)) as run:
        run.take([{"id": 5}])
        for item in run.fresh():
            run.note(item)
        memory = run.snapshot()
    for moment in (BEGIN + 10, BEGIN + 20):
        with closing(PollingRun(TEXTS, PollingRules(1000), memory, BEGIN + 20)) as run:
            run.take([{"id": 5}, {"id": 1, "created": moment}])
            assert all(item.number == 1 for item in run.fresh() if not run.note(item))  # type: ignore[func-returns-value]
            memory = run.snapshot()
    assert CALLS.moment({"created": 1, "records": [{"finishTime": 3}, {"finishTime": 2}, None]}) == 2


def test_a_sketch_contains_the_missing_items() -> None:
    full = Sketch(CELLS, (digest_of(number) for number in range(50_000)))
    part = Sketch.load(Sketch(CELLS, (digest_of(number) for number in range(200, 50_005))).dump(), CELLS)
    added, removed, rest = full.minus(part).peel()
    assert added == {digest_of(number) for number in range(200)}
    assert removed == {digest_of(number) for number in range(50_000, 50_005)}
    assert not rest


def test_counts_may_wrap() -> None:
    written = Sketch.load(Sketch(4, (digest_of(number) for number in range(70_000))).dump(), 4)
    added, removed, rest = Sketch(4, (digest_of(number) for number in range(70_001))).minus(written).peel()
    assert (added, removed, bool(rest)) == ({digest_of(70_000)}, set(), False)


def test_state_and_result_make_the_outcome() -> None:
    outcomes = [
        TEXTS.outcome(body)
        for body in (
            {},
            {"state": "READY"},
            {"state": "FINISHED"},
            {"state": "FINISHED", "finalTextResult": "RECEIVED"},
            {"finalTextResult": "RECEIVED"},
        )
    ]
    assert len(set(outcomes)) == 5
    assert outcomes[0] == ":"
