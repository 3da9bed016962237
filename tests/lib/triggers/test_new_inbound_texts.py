"""The polling trigger with the sandbox, for all settings of undocumented behavior of CallFire."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from callfire_sandbox.server import start
from callfire_sandbox.switches import Switches
from callfire_sandbox.world.clock import Clock

from lib.callfire.api.errors import CallFireError, InvalidSettings
from tests.lib.recording import Recorder, json_reply
from tests.lib.steps import FakeStep, config_for, run

TRIGGER = "triggers.new_inbound_texts"
START = 1_700_000_000_000
SWITCHES = [
    {"order": order, "interval_field": field, "interval_bounds": bounds, "whole_seconds": whole, "total_count": total}
    for order, (field, bounds), whole, total in itertools.product(
        ("newest", "oldest", "shuffled"),
        (("created", "[]"), ("created", "()"), ("modified", "[]"), ("finished", "()")),
        (False, True),
        ("exact", "unknown", "absent"),
    )
]


class Flow:
    """A flow with the trigger and its snapshot, and a sandbox with its own clock."""

    def __init__(self, sandbox: Any, clock: Clock, **config: Any) -> None:
        self.sandbox = sandbox
        self.clock = clock
        self.config = {"username": sandbox.username, "password": sandbox.password, "server": sandbox.url, **config}
        self.snapshot: Any = None
        self.seen: list[str] = []

    def arrive(self, *words: str) -> None:
        for word in words:
            entry = {"fromNumber": "12135550111", "message": word}
            requests.post(f"{self.sandbox.admin_url}/texts", json=entry, timeout=10).raise_for_status()

    def wait(self, milliseconds: int) -> None:
        body = {"advance": milliseconds}
        requests.post(f"{self.sandbox.admin_url}/clock", json=body, timeout=10).raise_for_status()

    def poll(self) -> list[str]:
        step = FakeStep()
        payloads = run(TRIGGER, {}, self.config, snapshot=self.snapshot, step=step)
        found = [payload["body"]["message"] for payload in payloads]
        kinds = [event for event, _ in step.emitted]
        # the snapshot follows the items that it covers
        assert not found or kinds[-1] == "snapshot"
        if "snapshot" in kinds:
            self.snapshot = step.emitted[-1][1]
        self.seen += found
        return found


@pytest.fixture
def clock() -> Clock:
    return Clock(still_at=START)


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Any]:
    with start(clock=clock, switches=Switches(ids="large")) as running:
        yield running


def switch(sandbox: Any, **switches: Any) -> None:
    requests.patch(f"{sandbox.admin_url}/switches", json=switches, timeout=10).raise_for_status()


@pytest.mark.parametrize("switches", SWITCHES, ids=lambda switches: "-".join(str(value) for value in switches.values()))
def test_each_text_starts_the_flow_once_and_in_order(switches: dict[str, Any], sandbox: Any, clock: Clock) -> None:
    switch(sandbox, **switches, text_takes=0)
    flow = Flow(sandbox, clock, startTime=START, pageSize="3")
    flow.arrive("a1", "a2", "a3", "a4")
    flow.wait(1)
    assert flow.poll() == ["a1", "a2", "a3", "a4"]
    flow.arrive("b1")  # in the same second as the ones before
    flow.wait(1)
    assert flow.poll() == ["b1"]
    assert flow.poll() == []
    for batch in ("c", "d", "e"):
        flow.wait(700)
        words = [f"{batch}{number}" for number in range(7)]
        flow.arrive(*words)
        flow.wait(1)
        assert flow.poll() == words
    assert flow.poll() == []
    assert len(flow.seen) == len(set(flow.seen)) == 26


def test_a_text_that_changes_later_is_not_new(sandbox: Any, clock: Clock) -> None:
    switch(sandbox, interval_field="modified", changes_again_after=5000, text_takes=0)
    flow = Flow(sandbox, clock, startTime=START)
    flow.arrive("one")
    flow.wait(1000)
    flow.arrive("two")
    flow.wait(1)
    assert flow.poll() == ["one", "two"]
    flow.wait(6000)
    assert flow.poll() == []


def test_only_texts_since_the_start_time_are_emitted(sandbox: Any, clock: Clock) -> None:
    flow = Flow(sandbox, clock, startTime="2023-11-14T22:13:25Z")
    flow.arrive("before")
    flow.wait(5000)
    flow.arrive("after")
    flow.wait(1000)
    assert flow.poll() == ["after"]


def test_sent_texts_do_not_start_the_flow(sandbox: Any, clock: Clock) -> None:
    flow = Flow(sandbox, clock, startTime=START)
    run("actions.send_texts", {"recipients": {"phoneNumber": "12135550122", "message": "out"}}, flow.config)
    flow.wait(1000)
    assert flow.poll() == []


def test_without_a_start_time_only_later_texts_are_emitted() -> None:
    with start(switches=Switches(ids="large")) as sandbox:
        flow = Flow(sandbox, Clock())
        entry = {"fromNumber": "12135550111", "message": "old", "created": START}
        requests.post(f"{sandbox.admin_url}/texts", json=entry, timeout=10).raise_for_status()
        assert flow.poll() == []
        assert flow.snapshot["version"] == 2
        flow.arrive("new")
        assert flow.poll() == ["new"]


def test_the_designer_gets_a_sample_and_no_snapshot_is_emitted(sandbox: Any, clock: Clock) -> None:
    flow = Flow(sandbox, clock)
    with pytest.raises(CallFireError, match="No sample available"):
        run(TRIGGER, {}, flow.config, step=FakeStep(is_debug=True))
    flow.arrive(*(str(number) for number in range(12)))
    flow.wait(1000)
    step = FakeStep(is_debug=True)
    assert len(run(TRIGGER, {}, flow.config, step=step)) == 10
    assert {event for event, _ in step.emitted} == {"data"}


@pytest.mark.parametrize("snapshot", [{"version": 2}, {"x": 1}, "garbage", [1], {"version": [1]}])
def test_a_foreign_snapshot_is_an_error(snapshot: Any, server: Recorder) -> None:
    with pytest.raises(CallFireError, match="snapshot"):
        run(TRIGGER, {}, config_for(server.url), snapshot=snapshot)
    assert server.received == []


def test_an_invalid_start_time_is_an_error(server: Recorder) -> None:
    with pytest.raises(InvalidSettings, match=r"^startTime: "):
        run(TRIGGER, {}, config_for(server.url, startTime="soon"))


@pytest.mark.parametrize("snapshot", [None, {}])
def test_a_failed_run_emits_no_snapshot(snapshot: Any, server: Recorder) -> None:
    server.replies += [json_reply({"items": [{"id": 1, "created": START}], "totalCount": 2}), json_reply({}, 400)]
    step = FakeStep()
    with pytest.raises(CallFireError):
        run(TRIGGER, {}, config_for(server.url, pageSize=1, startTime=START), snapshot=snapshot, step=step)
    assert step.emitted == []
