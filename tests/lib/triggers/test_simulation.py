"""Polling triggers with generated behavior of CallFire, and crashes between any two events.

No item is lost. An item is emitted twice only if a crash happens before its snapshot. More runs:
SIMULATIONS=5000 pytest tests/lib/triggers/test_simulation.py
"""

import os
from dataclasses import replace
from typing import Any

from callfire_sandbox.switches import Switches
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lib.callfire.operation.operation import GET
from lib.triggers import new_call_recordings, new_inbound_calls, new_inbound_texts, new_opt_outs, new_text_results
from tests.lib.triggers.simulation import TRADES, CallFire, Platform, Record, StoredFiles, unavailable

TRIGGERS = {
    "texts": new_inbound_texts.trigger,
    "calls": new_inbound_calls.trigger,
    "results": new_text_results.trigger,
    "recordings": replace(new_call_recordings.trigger, download=StoredFiles(GET("/"))),
    "optOuts": new_opt_outs.trigger,
}
WITH_RESULTS = ("texts", "calls", "results")
RESULTS = {
    "texts": ["TOO_BIG", "INTERNAL_ERROR", "CARRIER_ERROR", "UNDIALED"],
    "results": ["TOO_BIG", "INTERNAL_ERROR", "CARRIER_ERROR", "UNDIALED"],
    "calls": ["BUSY", "NO_ANS", "XFER", "UNDIALED"],
}
MOST_LATE = 200  # in one run; a sketch names some more
SWITCHES = st.fixed_dictionaries(
    {
        "order": st.sampled_from(["newest", "oldest", "shuffled"]),
        "interval_field": st.sampled_from(["created", "modified", "finished"]),
        "interval_bounds": st.sampled_from(["[]", "[)", "(]", "()"]),
        "whole_seconds": st.booleans(),
        "total_count": st.sampled_from(["exact", "unknown", "absent"]),
        "max_limit": st.sampled_from([100, 1000]),
        "visible_after": st.sampled_from([0, 0, 400, 2000]),
        "recordings_in_calls": st.booleans(),
    }
)
CONFIG = st.fixed_dictionaries(
    {
        "pageSize": st.sampled_from([1, 2, 3, 7, 100]),
        "lookback": st.sampled_from([0, 3, 60, 600]),
        "emitBehavior": st.sampled_from(["emitIndividually", "emitPage"]),
        "singlePagePerInterval": st.booleans(),
        "emitChanges": st.booleans(),
    }
)


class Polling(RuleBasedStateMachine):
    """One flow's life. `due` are the items that must be emitted: {id: the time it was brought in}."""

    @initialize(
        table=st.sampled_from(sorted(TRIGGERS)),
        switches=SWITCHES,
        config=CONFIG,
        skew=st.sampled_from([0, -45_000, 45_000]),
        has_start=st.booleans(),
        dates_ahead=st.booleans(),
    )
    def begin(self, table: str, switches: Any, config: Any, skew: int, has_start: bool, dates_ahead: bool) -> None:
        self.table, self.dates_ahead = table, dates_ahead
        if config["lookback"] == 0:  # items that become visible later are late
            switches = switches | {"visible_after": 0}
        self.callfire = CallFire(Switches().changed(switches), skew=skew)
        start = {"startTime": self.callfire.clock.now()} if has_start else {}
        login = {"username": "login", "password": "password"}
        if not switches["recordings_in_calls"]:
            config = config | {"lookup": "each"}
        self.platform = Platform(TRIGGERS[table], self.callfire, {**login, **config, **start})
        self.lookback = config["lookback"] * 1000
        self.emits_changes = config["emitChanges"] and table in WITH_RESULTS
        self.due: dict[int, Record] = {}
        self.open: list[Record] = []
        self.late = 0
        if not has_start:
            self.platform.poll()
            self.callfire.advance(1000)

    def expect(self, record: Record) -> None:
        self.due[record["id"]] = record

    @rule(count=st.integers(1, 12))
    def several_come_in_at_once(self, count: int) -> None:
        if self.dates_ahead or self.table == "optOuts":
            self.late += count
        for _ in range(count if self.late <= MOST_LATE else 0):
            self.expect(self.callfire.arrive(self.table))

    @precondition(
        lambda self: not self.dates_ahead and self.table != "optOuts" and self.platform.config["pageSize"] > 3
    )
    @rule(count=st.sampled_from([150, 350]))
    def many_come_in_at_the_same_moment(self, count: int) -> None:
        for _ in range(count):
            self.expect(self.callfire.arrive(self.table))

    @rule(count=st.integers(1, 5), part=st.floats(0, 1))
    def some_come_in_late(self, count: int, part: float) -> None:
        self.late += count
        farthest = self.lookback - self.callfire.world.switches.visible_after - 1000
        created = self.callfire.clock.now() - int(part * farthest)
        if farthest > 0 and self.late <= MOST_LATE and created >= self.since:
            for _ in range(count):
                self.expect(self.callfire.arrive(self.table, created=created))

    @property
    def since(self) -> int:
        """The time from which items must be emitted."""
        snapshot = self.platform.snapshot
        return int(snapshot["start"]) + 1000 if snapshot else self.callfire.clock.now()

    @precondition(lambda self: self.dates_ahead)
    @rule(ahead=st.integers(1, 5000))
    def one_is_dated_ahead(self, ahead: int) -> None:
        self.expect(self.callfire.arrive(self.table, created=self.callfire.clock.now() + ahead))

    @precondition(
        lambda self: (
            self.table in ("calls", "results", "recordings")
            or (self.table == "texts" and self.callfire.world.switches.interval_field != "finished")
        )
    )
    @rule()
    def one_begins(self) -> None:
        self.open.append(self.callfire.begin(self.table))

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def one_ends(self, data: st.DataObject) -> None:
        record = self.open.pop(data.draw(st.integers(0, len(self.open) - 1)))
        self.expect(self.callfire.finish(self.table, record))
        self.late += 1

    @precondition(lambda self: self.due and self.table in WITH_RESULTS)
    @rule(places=st.lists(st.integers(0, 50), min_size=1, max_size=3), milliseconds=st.integers(0, 1500))
    def results_change(self, places: list[int], milliseconds: int) -> None:
        self.callfire.advance(milliseconds)
        for place in places:
            self.change(self.due[sorted(self.due)[-1 - place % len(self.due)]])

    def change(self, record: Record) -> None:
        """Give an item a new result while it is within the lookback window."""
        moment = self.platform.trigger.kind.moment(record) or 0
        was = record["_"].get("was", [])
        left = [result for result in RESULTS[self.table] if result not in was]
        if left and moment > self.callfire.clock.now() - self.lookback + 3000:
            self.callfire.world[TRADES[self.table].table].note(record, was=[*was, left[0]])
            self.callfire.change(self.table, record, left[0])
            self.late += 1

    @precondition(lambda self: self.table in WITH_RESULTS)
    @rule()
    def one_has_the_other_direction(self) -> None:
        record = self.callfire.begin(self.table)
        other = not self.platform.trigger.kind.inbound
        self.callfire.world[TRADES[self.table].table].change(record, inbound=other)
        self.callfire.finish(self.table, record)

    @rule(milliseconds=st.one_of(st.integers(1, 1500), st.sampled_from([5000, 61_000, 1_200_000])))
    def time_passes(self, milliseconds: int) -> None:
        self.callfire.advance(milliseconds)

    @rule(milliseconds=st.integers(0, 1500), during=st.integers(0, 4), arrivals=st.integers(0, 3))
    def the_flow_runs(self, milliseconds: int, during: int, arrivals: int) -> None:
        """New items may arrive while the trigger reads pages."""
        self.callfire.advance(milliseconds)
        count = 0

        def between() -> None:
            nonlocal count
            if count == during:
                for _ in range(arrivals):
                    self.expect(self.callfire.arrive(self.table))
                self.late += arrivals
            count += 1

        self.callfire.before_request = between
        assert self.platform.poll()
        self.callfire.before_request = lambda: None
        if not self.platform.config["singlePagePerInterval"]:
            self.late = arrivals

    @rule(events=st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=3), count=st.integers(0, 4))
    def the_flow_crashes(self, events: list[tuple[int, bool]], count: int) -> None:
        self.several_come_in_at_once(count)
        for event, after in events:
            self.platform.poll(event, after=after)

    @rule(request=st.integers(0, 3))
    def callfire_fails(self, request: int) -> None:
        count = 0

        def fail() -> None:
            nonlocal count
            if count == request:
                unavailable()
            count += 1

        self.callfire.before_request = fail
        self.platform.poll()
        self.callfire.before_request = lambda: None

    @rule()
    def callfire_lists_nothing(self) -> None:
        self.callfire.lists_nothing = True
        self.platform.poll()
        self.callfire.lists_nothing = False

    @precondition(lambda self: self.table in ("texts", "calls", "results") and not self.emits_changes)
    @rule(places=st.lists(st.integers(0, 50), min_size=1, max_size=20))
    def callfire_lists_some_again_later(self, places: list[int]) -> None:
        emitted = sorted(number for number, _ in self.platform.emitted)
        numbers = {emitted[place % len(emitted)] for place in places} if emitted else set()
        self.callfire.hide(self.table, numbers, hidden=True)
        self.platform.poll()
        self.callfire.hide(self.table, numbers, hidden=False)

    @invariant()
    def nothing_is_repeated(self) -> None:
        if hasattr(self, "platform"):
            platform = self.platform
            again = {key for key, count in platform.emitted.items() if count > 1 + platform.excused[key]}
            assert not again, f"{len(again)} repeated"
            if not self.emits_changes:
                by_id: dict[int, int] = {}
                excused: dict[int, int] = {}
                for (number, outcome), count in platform.emitted.items():
                    by_id[number] = by_id.get(number, 0) + count
                    excused[number] = excused.get(number, 0) + platform.excused[number, outcome]
                assert not [number for number, count in by_id.items() if count > 1 + excused[number]]

    def teardown(self) -> None:
        if not hasattr(self, "platform"):
            return
        self.callfire.advance(120_000 if self.table == "optOuts" else 2500)  # entries of the DNC list wait for a minute
        assert self.platform.poll()
        self.platform.config["singlePagePerInterval"] = False
        while True:
            before = self.platform.emitted.total()
            assert self.platform.poll()
            self.nothing_is_repeated()
            if self.platform.emitted.total() == before:
                break
        self.nothing_is_lost()

    def nothing_is_lost(self) -> None:
        kind, emitted = self.platform.trigger.kind, self.platform.emitted
        numbers = {number for number, _ in emitted}
        lost = [number for number in self.due if number not in numbers]
        note(f"{len(self.due)} due, {len(numbers)} emitted")
        assert not lost, f"{len(lost)} lost, the first of them {self.due[lost[0]]}"
        if self.emits_changes:
            changes = {(number, kind.outcome(record)) for number, record in self.due.items()}
            assert not changes - emitted.keys(), "a change is lost"
        assert not numbers - self.due.keys()


assert TRADES.keys() == TRIGGERS.keys()
TestPolling = Polling.TestCase
TestPolling.settings = settings(
    max_examples=int(os.environ.get("SIMULATIONS", "50")),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
