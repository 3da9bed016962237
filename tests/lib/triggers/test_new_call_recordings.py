"""Get New Call Recordings Polling with the sandbox: each recording once, with its file."""

import itertools
from typing import Any

import pytest
from callfire_sandbox.server import Running
from elasticio import Rebound

from lib.callfire.api.errors import CallFireError, NotAuthenticated, RateLimited, Unavailable
from lib.callfire.polling.call_recordings import may_have_recordings, recordings_of
from tests.lib.recording import Recorder, json_reply
from tests.lib.steps import FakeStep, config_for, run
from tests.lib.triggers.account import START
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
] + [
    {"total_count": "absent", "max_limit": 2, "whole_seconds": True, "visible_after": 400},
    {"recordings_in_calls": False, "recording_takes": 0, "interval_field": "finished"},
    {"recordings_in_calls": False, "recording_takes": 30_000, "order": "shuffled", "max_limit": 2},
]


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
    account.config["lookup"] = "list" if switches.get("recordings_in_calls", True) else "each"
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


def test_a_rate_limit_is_not_the_failure_of_a_file(account: Account) -> None:
    recording = account.call()
    account.wait(2 * 24 * 3600)
    account.fail(429, 4)
    with pytest.raises(RateLimited):
        account.poll(errorPolicy="error")
    (payload,) = account.poll()
    assert int(payload["body"]["id"]) == recording
    assert "fileError" not in payload["body"]


def test_recordings_of_single_calls_are_requested_only_if_selected(account: Account) -> None:
    account.switch(recordings_in_calls=False)
    recording = account.call()
    assert account.found() == []
    assert account.found(lookup="each") == [recording]
    assert account.found(lookup="each") == []


def test_a_recording_has_the_same_properties_in_both_lookups(account: Account) -> None:
    account.call(2)
    (listed,) = account.poll()
    account.snapshot = None
    world = account.running._server.control.world
    (call,) = world["calls"]
    bare = [{name: value for name, value in record.items() if name != "recordings"} for record in call["records"]]
    world["calls"].change(call, records=bare)
    (asked,) = account.poll(lookup="each")
    assert (asked["id"], asked["body"]) == (listed["id"], listed["body"])


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ({"id": 1, "state": "FINISHED", "finalCallResult": "LA"}, True),
        ({"id": 1, "state": "FINISHED", "finalCallResult": "NEW"}, True),
        ({"id": 1, "state": "FINISHED"}, True),
        ({"id": 1}, True),
        ({"id": 1, "state": "FINISHED", "inbound": True, "finalCallResult": "NO_ANS"}, True),
        ({"id": 1, "state": "FINISHED", "inbound": False, "finalCallResult": "NO_ANS"}, False),
        ({"id": 1, "finalCallResult": "NO_ANS", "records": [{"callResult": "AM"}, {"result": "BUSY"}, 5]}, True),
        ({"id": 1, "finalCallResult": "BUSY", "records": [{"callResult": "NO_ANS"}, {"result": "BUSY"}]}, False),
        ({"id": 1, "state": "SELECTED"}, False),
        ({"id": 1, "state": "DNC", "inbound": True}, False),
        ({"id": "x", "state": "FINISHED"}, False),
        ("x", False),
    ],
)
def test_only_answered_calls_may_have_recordings(call: Any, expected: bool) -> None:
    assert may_have_recordings(call) is expected


def test_odd_recordings_of_single_calls_do_not_stop_the_others(server: Recorder) -> None:
    calls = [
        {"id": 1, "state": "FINISHED", "created": START},
        {"id": 2, "state": "FINISHED", "created": START, "records": "none"},
        {"id": 3, "state": "FINISHED", "records": [{"finishTime": START + 9}, {"finishTime": START + 5}, 7, {}]},
        {"id": 4, "state": "SELECTED", "created": START},
    ]
    ready = {"state": "ERROR", "created": START + 1}
    server.replies += [
        json_reply({"items": calls}),
        json_reply({}, status=404),
        json_reply([{**ready, "id": 21}]),
        json_reply({"items": ["x", {**ready, "id": 31}, {**ready, "id": 32, "created": 10**20}]}),
    ]
    payloads = run(TRIGGER, {}, config_for(server.url, startTime=START, lookup="each"))
    assert [payload["body"]["id"] for payload in payloads] == [21, 31]
    asked = [f"/calls/{number}/recordings" for number in (1, 2, 3)]
    assert [request.path.rpartition("/v2")[2] for request in server.received[1:]] == asked


def test_a_failure_of_a_single_call_emits_nothing(account: Account) -> None:
    account.switch(recordings_in_calls=False)
    recording = account.call()
    account.admin("POST", "faults", {"operation": "getCallRecordings", "effect": "status", "status": 503, "next": 4})
    with pytest.raises(Rebound):
        account.poll(lookup="each")
    assert account.found(lookup="each") == [recording]


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
    assert next(recordings_of({**running, "created": 10**20}))["ended"] == 10**20


def test_a_sample_is_a_recording(account: Account) -> None:
    with pytest.raises(CallFireError, match="no call recording matches the filters"):
        run(TRIGGER, {}, account.login, step=FakeStep(is_debug=True))
    recording = account.call()
    step = FakeStep(is_debug=True)
    (payload,) = run(TRIGGER, {}, account.login, step=step)
    assert int(payload["body"]["id"]) == recording
    assert payload["attachments"]
    assert {event for event, _ in step.emitted} == {"data"}


def test_a_sample_tells_that_the_list_of_calls_has_no_recordings(account: Account) -> None:
    account.switch(recordings_in_calls=False)
    recording = account.call()
    with pytest.raises(CallFireError, match='Select "Find Recordings: With one request per call" in the form'):
        run(TRIGGER, {}, account.login, step=FakeStep(is_debug=True))
    (payload,) = run(TRIGGER, {}, {**account.login, "lookup": "each"}, step=FakeStep(is_debug=True))
    assert int(payload["body"]["id"]) == recording


def test_a_sample_skips_odd_recordings(server: Recorder) -> None:
    listed = ["x", {"state": "ERROR"}, {"id": 4, "state": "READY", "created": 10**20}, {"id": 5, "state": "ERROR"}]
    odd = {"records": [{"recordings": listed}], "state": "FINISHED"}
    server.replies += [json_reply({"items": [odd, "y"]})]
    (payload,) = run(TRIGGER, {}, config_for(server.url), step=FakeStep(is_debug=True))
    assert payload["body"]["id"] == 5
