"""Get New Call Recordings Polling with the sandbox: each recording once, with its file."""

import itertools
from typing import Any

import pytest
from callfire_sandbox.server import Running
from elasticio import Rebound

from lib.callfire.api.errors import CallFireError, NotAuthenticated, Unavailable
from lib.callfire.polling.call_recordings import recordings_of
from tests.lib.steps import FakeStep, run
from tests.lib.triggers.account import Account as PollingAccount

TRIGGER = "triggers.new_call_recordings"
CALLER = "12135550111"
SWITCHES = [
    {"order": order, "interval_field": field, "interval_bounds": bounds, "recording_takes": takes, **others}
    for order, (field, bounds), takes, others in itertools.product(
        ("newest", "oldest", "shuffled"),
        (("created", "[]"), ("modified", "()"), ("finished", "()")),
        (0, 30_000),
        ({"total_count": "exact", "max_limit": 1000},),
    )
] + [{"total_count": "absent", "max_limit": 2, "whole_seconds": True, "visible_after": 400}]


class Account(PollingAccount):
    trigger = TRIGGER

    def call(self, seconds: int = 3, **more: Any) -> int:
        """Receive a call that has just ended. Returns the ID of its recording, 0 without one."""
        self.wait(seconds + 1)
        self.admin("POST", "calls", {"fromNumber": CALLER, "recordingSeconds": seconds, **more})
        recordings = list(self.running._server.control.world["recordings"])
        return int(recordings[-1]["id"]) if seconds else 0

    def fail(self, status: int, count: int) -> None:
        fault = {"operation": "getCallRecordingMp3", "effect": "status", "status": status, "next": count}
        self.admin("POST", "faults", fault)

    def found(self, **config: Any) -> list[int]:
        return [int(payload["body"]["id"]) for payload in self.poll(**config)]


@pytest.fixture
def account(polled: Running) -> Account:
    return Account(polled, pageSize="2")


@pytest.mark.parametrize("switches", SWITCHES, ids=lambda switches: "-".join(str(value) for value in switches.values()))
def test_each_recording_is_emitted_once_when_it_is_ready(switches: dict[str, Any], account: Account) -> None:
    account.switch(**switches)
    takes = switches.get("recording_takes", 0)
    expected = [account.call(), account.call(5)]
    account.call(0)
    expected.append(account.call())
    account.wait()
    early = account.found()
    assert early == ([] if takes else expected)
    account.wait(60)
    assert early + account.found() == expected
    assert account.found() == []
    account.wait(5 * 3600)
    later = account.call()
    account.wait(60)
    assert account.found() == [later]
    assert account.found() == []


def test_a_recording_has_its_file_and_the_numbers_of_the_call(account: Account) -> None:
    recording = account.call(2)
    (payload,) = account.poll()
    body = payload["body"]
    assert (body["fromNumber"], body["inbound"], body["lengthInSeconds"], body["state"]) == (CALLER, True, 2, "READY")
    assert body["contentType"] == "audio/mpeg"
    assert body["size"] == body["lengthInBytes"] > 0
    assert int(body["callId"]) != recording
    assert "ended" not in body
    ((name, entry),) = payload["attachments"].items()
    assert (name, entry["url"]) == (body["fileName"], body["attachmentUrl"])


def test_a_page_has_the_files_of_its_recordings(account: Account) -> None:
    recordings = [account.call(), account.call()]
    (payload,) = account.poll(emitBehavior="emitPage")
    assert [int(item["id"]) for item in payload["body"]["items"]] == recordings
    assert len(payload["attachments"]) == 2


@pytest.mark.parametrize("direction", ["both", "inbound", "outbound"])
def test_the_form_selects_a_direction(account: Account, direction: str) -> None:
    recordings = [account.call(), account.call()]
    world = account.running._server.control.world
    (outbound,) = world["calls"].where(toNumber=next(iter(world["calls"]))["toNumber"])[1:]
    world["calls"].change(outbound, inbound=False)
    expected = {"both": recordings, "inbound": recordings[:1], "outbound": recordings[1:]}
    assert account.found(direction=direction) == expected[direction]


def test_a_recording_that_is_ready_late_is_not_missed(account: Account) -> None:
    account.switch(recording_takes=3 * 3600 * 1000)
    late = account.call()
    account.switch(recording_takes=0)
    for _ in range(3):  # the position advances by more than the lookback window
        others = [account.call()]
        assert account.found() == others
        account.wait(3600)
    assert account.found() == [late]


def test_a_temporary_failure_ends_the_run_and_repeats_nothing(account: Account) -> None:
    first, second, third = account.call(), account.call(), account.call()
    assert account.found(singlePagePerInterval=True, pageSize="1") == [first]
    account.fail(503, 4)
    with pytest.raises(Rebound):
        account.poll()
    account.fail(503, 4)
    with pytest.raises(Unavailable):
        account.poll(errorPolicy="error")
    assert account.found() == [second, third]


def test_a_failure_in_the_middle_keeps_the_emitted_recordings(
    account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    recordings = [account.call(), account.call(), account.call()]
    world = account.running._server.control.world
    data = world.files.pop(recordings[1])  # the sandbox answers 500
    assert account.found(pageSize="100") == recordings[:1]
    assert "Ended the run early; the next run continues" in caplog.text
    world.files[recordings[1]] = data
    assert account.found(pageSize="100") == recordings[1:]


def test_a_file_that_fails_for_a_day_does_not_delay_the_others(account: Account) -> None:
    recordings = [account.call(), account.call()]
    account.running._server.control.world.files.pop(recordings[0])
    with pytest.raises(Rebound):
        account.poll()
    account.wait(24 * 3600)
    first, second = account.poll()
    assert "500" in first["body"]["fileError"]
    assert (first["attachments"], len(second["attachments"])) == ({}, 1)
    assert "fileError" not in second["body"]


@pytest.mark.parametrize("status", [403, 404])
def test_a_recording_without_a_file_is_emitted_with_the_reason(account: Account, status: int) -> None:
    recordings = [account.call(), account.call()]
    account.fail(status, 1)
    first, second = account.poll()
    assert [int(payload["body"]["id"]) for payload in (first, second)] == recordings
    assert str(status) in first["body"]["fileError"]
    assert first["attachments"] == {}
    assert second["body"]["attachmentUrl"]


def test_invalid_credentials_emit_nothing(account: Account) -> None:
    recording = account.call()
    account.fail(401, 1)
    with pytest.raises(NotAuthenticated):
        account.poll()
    assert account.found() == [recording]


def test_a_failed_recording_is_emitted_without_a_request(account: Account) -> None:
    account.call()
    world = account.running._server.control.world
    (call,) = world["calls"]
    (record,) = call["records"]
    failed = [{**recording, "state": "ERROR"} for recording in record["recordings"]]
    world["calls"].change(call, records=[{**record, "recordings": failed}])
    (payload,) = account.poll()
    assert payload["body"]["fileError"] == "CallFire reports that the recording failed (state ERROR)."
    assert payload["attachments"] == {}


def test_odd_calls_are_read_as_far_as_possible() -> None:
    good = {"id": 5, "state": "READY", "created": 7}
    call = {
        "id": 1,
        "state": "FINISHED",
        "inbound": False,
        "records": [{"recordings": [good, "x"], "finishTime": 9}, {"recordings": None}, 3, {"recordings": [good]}],
    }
    first, odd, second = recordings_of(call)
    assert first == {"inbound": False, "callId": 1, **good, "ended": 9}
    assert (odd, second["ended"]) == ("x", 7)
    assert list(recordings_of("y")) == ["y"]
    assert list(recordings_of({"state": "FINISHED", "records": "none"})) == []
    running = {"id": 2, "state": "SELECTED", "created": 4}
    assert list(recordings_of(running)) == [{"id": 2, "state": "RECORDING", "ended": 4}]


def test_a_sample_is_a_recording(account: Account) -> None:
    with pytest.raises(CallFireError, match="no call recording matches the filters"):
        run(TRIGGER, {}, account.login, step=FakeStep(is_debug=True))
    recording = account.call()
    step = FakeStep(is_debug=True)
    (payload,) = run(TRIGGER, {}, account.login, step=step)
    assert int(payload["body"]["id"]) == recording
    assert payload["attachments"]
    assert {event for event, _ in step.emitted} == {"data"}
