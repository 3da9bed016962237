"""Polling with odd items, a full disk or an odd form: valid items are emitted, odd ones are skipped."""

import json
import logging
import sqlite3
from contextlib import closing
from typing import Any
from urllib.parse import parse_qsl

import pytest
from callfire_sandbox.switches import Switches
from elasticio import Message

from lib.callfire.api.errors import CallFireError, InvalidSettings
from lib.callfire.exact_json import portable
from lib.callfire.polling import polling_run
from lib.callfire.polling.item_kinds import TEXTS, message_id
from lib.callfire.polling.polling_run import PollingRules, PollingRun
from lib.callfire.polling.polling_snapshot import PollingSnapshot
from lib.callfire.polling.polling_trigger import PollingTrigger
from lib.callfire.polling.sketch import digest_of
from lib.callfire.polling.spool import Spool, SpooledItem, SpoolError
from lib.triggers import new_inbound_calls, new_inbound_texts
from tests.lib.recording import Recorder, Reply, json_reply
from tests.lib.steps import FakeStep, config_for, run
from tests.lib.triggers.simulation import BEGIN, CallFire, Platform

TRIGGER = "triggers.new_inbound_texts"
GOOD = [{"id": number, "created": BEGIN + number, "state": "FINISHED", "inbound": True} for number in (1, 2, 3)]
ODD: dict[str, Any] = {
    "created 10^20": {"id": 77, "created": 10**20},
    "created before 1970": {"id": 77, "created": -1},
    "id 2^63": {"id": 2**63, "created": BEGIN},
    "negative id": {"id": -1, "created": BEGIN},
    "id of 30 digits": {"id": "1" * 30, "created": BEGIN},
    "id true": {"id": True, "created": BEGIN},
    "no id": {"created": BEGIN},
    "null": None,
    "text": "item",
}
READABLE: dict[str, Any] = {
    "state a list": {"id": 77, "created": BEGIN, "state": ["FINISHED"]},
    "state an object": {"id": 77, "created": BEGIN, "state": {}},
    "half a surrogate pair": {"id": 77, "created": BEGIN, "finalTextResult": "\ud83d", "message": "\ude00"},
    "created a text": {"id": 77, "created": "soon"},
    "id a text": {"id": "77", "created": BEGIN},
}


@pytest.fixture(autouse=True)
def _nothing_named_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_inbound_texts.trigger.unreadable, "_named", set())


def poll(server: Recorder, snapshot: Any = None, **config: Any) -> tuple[list[Any], Any]:
    """Poll once; returns the bodies and the last snapshot."""
    step = FakeStep()
    given = config_for(server.url, startTime=BEGIN, **config)
    found = [payload["body"] for payload in run(TRIGGER, {}, given, snapshot=snapshot, step=step)]
    snapshots = [payload for event, payload in step.emitted if event == "snapshot"]
    return found, snapshots[-1] if snapshots else snapshot


@pytest.mark.parametrize("odd", ODD.values(), ids=list(ODD))
def test_an_unreadable_item_is_logged_once_and_skipped(
    odd: Any, server: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    server.default = Reply(200, json.dumps({"items": [GOOD[0], odd, *GOOD[1:]]}).encode())
    found, snapshot = poll(server)
    assert found == GOOD
    for _ in range(2):
        found, snapshot = poll(server, snapshot)
        assert found == []
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "cannot be read" in warnings[0]
    name = f"id={portable(odd['id'])!r}"[:43] if isinstance(odd, dict) and "id" in odd else "item 2 of a page"
    assert name in warnings[0]


@pytest.mark.parametrize("odd", READABLE.values(), ids=list(READABLE))
def test_an_odd_item_that_can_be_read_is_emitted_once(
    odd: Any, server: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    server.default = Reply(200, json.dumps({"items": [GOOD[0], odd, *GOOD[1:]]}).encode())
    found, snapshot = poll(server)
    assert len(found) == 4
    assert odd in found
    assert poll(server, snapshot)[0] == []
    assert caplog.records == []


@pytest.mark.parametrize(
    "records", [5, "x", {"finishTime": 1}, [None, 5, {"finishTime": "soon"}], [{"finishTime": True}]]
)
def test_odd_records_do_not_stop_calls(records: Any) -> None:
    call = {"id": 1, "created": BEGIN, "records": records}
    assert new_inbound_calls.trigger.kind.moment(call) == BEGIN


def test_a_page_without_a_list_is_an_empty_one(server: Recorder) -> None:
    answers: list[Any] = [{"items": None}, {}, []]
    for answer in answers:
        server.default = json_reply(answer)
        assert poll(server)[0] == []


@pytest.mark.parametrize("answer", [5, "abc", {"items": 5}])
def test_a_response_that_is_not_a_page_emits_no_snapshot(answer: Any, server: Recorder) -> None:
    server.default = json_reply(answer)
    step = FakeStep()
    with pytest.raises(CallFireError):
        run(TRIGGER, {}, config_for(server.url, startTime=BEGIN, errorPolicy="error"), step=step)
    assert step.emitted == []


def test_halves_of_surrogate_pairs_have_ids(server: Recorder) -> None:
    assert message_id("InboundText", 1, "FINISHED:\ud83d") == message_id("InboundText", 1, "FINISHED:?")
    assert digest_of(1, "\ud83d") != digest_of(1, "\ude00")


def test_a_full_disk_is_reported(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    class Small(Spool):
        """A spool on a disk of 20 pages."""

        def __init__(self) -> None:
            super().__init__()
            self._database.execute("PRAGMA max_page_count = 20")

    monkeypatch.setattr(polling_run, "Spool", Small)
    items = [{**GOOD[0], "id": number, "message": "x" * 1000} for number in range(100)]
    server.default = json_reply({"items": items, "totalCount": 100})
    step = FakeStep()
    with pytest.raises(SpoolError, match=r"^The temporary directory is full.*database or disk is full"):
        run(TRIGGER, {}, config_for(server.url, startTime=BEGIN), step=step)
    assert step.emitted == []


def test_other_errors_of_the_spool_are_not_reported_as_a_full_disk() -> None:
    items = Spool()
    items.put([SpooledItem(1, 1, "", {}, 1)])
    items.close()
    with pytest.raises(sqlite3.ProgrammingError):
        items.put([SpooledItem(1, 1, "", {}, 1)])


@pytest.mark.parametrize("field", ["startTime", "endTime"])
@pytest.mark.parametrize("value", ["1795632275", 1795632275, 1, 10**11 - 1])
def test_unix_seconds_are_refused(field: str, value: Any, server: Recorder) -> None:
    with pytest.raises(InvalidSettings, match=rf"^{field}: .*seconds"):
        run(TRIGGER, {}, config_for(server.url, **{field: value}))
    assert server.received == []


def test_milliseconds_are_not_mistaken_for_seconds() -> None:
    for value in (0, 10**11, "100000000000"):
        assert Platform(new_inbound_texts.trigger, CallFire(Switches()), {**LOGIN, "startTime": value}).poll()


LOGIN = {"username": "login", "password": "password"}


def test_an_end_may_be_the_start_and_not_before_it() -> None:
    callfire = CallFire(Switches())
    callfire.arrive("texts", created=BEGIN)
    callfire.arrive("texts", created=BEGIN + 1)
    platform = Platform(new_inbound_texts.trigger, callfire, {**LOGIN, "startTime": BEGIN, "endTime": BEGIN})
    assert platform.poll()
    assert platform.emitted.total() == 1
    platform.config["endTime"] = BEGIN - 1
    with pytest.raises(InvalidSettings, match=r"^endTime: is before startTime"):
        platform.poll()


@pytest.mark.parametrize("given", ["12135550100", "+1 213 555 0100", "(213) 555-0100", 12135550100, 12135550100.0])
def test_the_filter_for_a_number_accepts_any_notation(given: Any, server: Recorder) -> None:
    server.default = json_reply({"items": []})
    poll(server, toNumber=given)
    assert ("toNumber", "12135550100") in server.received[0].query


@pytest.mark.parametrize("given", ["my number", "555-0177 Joe", "12"])
def test_an_invalid_number_filter_is_an_error(given: str, server: Recorder) -> None:
    with pytest.raises(InvalidSettings, match=r"^toNumber: "):
        poll(server, toNumber=given)
    assert server.received == []


def test_an_odd_item_of_a_webhook_does_not_change_the_recovery() -> None:
    before = PollingSnapshot.new(BEGIN)
    with closing(PollingRun(TEXTS, PollingRules(1000), before, BEGIN)) as polled:
        polled.take([{"id": 2**70, "created": BEGIN}, None])
        assert list(polled.fresh()) == []
        assert polled.unreadable == {
            "id=1180591620717411303424": "id is missing or out of range",
            "item 2 of a page": "not an object",
        }
        assert polled.snapshot().position == before.position


def test_the_memory_for_odd_items_is_limited() -> None:
    trigger: PollingTrigger = new_inbound_texts.trigger
    step: Any = FakeStep()
    for number in range(3000):
        trigger.unreadable.warn(step, "InboundText", {f"id={number}": "reason"})
    assert len(trigger.unreadable._named) <= 1001


def test_samples_leave_out_unreadable_items(server: Recorder) -> None:
    server.default = json_reply({"items": [None, GOOD[0]]})
    step: Any = FakeStep(is_debug=True)
    (message,) = new_inbound_texts.process(step, Message(), config_for(server.url), None)
    assert message.body == GOOD[0]
    assert dict(parse_qsl("&".join(f"{name}={value}" for name, value in server.received[0].query)))["limit"] == "10"
