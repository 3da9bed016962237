"""Calibration, against sandboxes with random switches: every value it can know, and never a wrong one."""

import json
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
import requests
from callfire_sandbox.__main__ import main
from callfire_sandbox.__main__ import switches as chosen_switches
from callfire_sandbox.calibration import asker as waiting
from callfire_sandbox.calibration.asker import Answer, Asker, CalibrationError
from callfire_sandbox.calibration.command import calibrate
from callfire_sandbox.calibration.intervals import interval_switches
from callfire_sandbox.calibration.reading import id_size, order, whole_seconds
from callfire_sandbox.calibration.writing import NUMBER
from callfire_sandbox.server import Running, start
from callfire_sandbox.switches import PROFILES, Switches
from callfire_sandbox.world.clock import Clock

from tests.sandbox.conftest import NOW

DOCS = Path(__file__).parents[2] / "docs" / "sandbox.md"
ALWAYS = {"ids", "order", "whole_seconds", "total_count", "limit_and_offset", "bare_number_lists", "call_result_name"}
"""Switches that reading determines in an account with a dozen texts and calls."""
ALWAYS_BY_WRITING = {"empty_status", "update_answers_id", "bad_number", "list_items_at_once", "deleted_dnc"}
READABLE = ALWAYS | {
    "fields_strip_paging",
    "max_limit",
    "over_limit",
    "contact_for_number",
    "interval_field",
    "interval_bounds",
}


def documented(kind: str) -> set[str]:
    """Return the switches that the page names for `reading` or `writing`."""
    section = DOCS.read_text().split("It can determine these switches:")[1]
    (item,) = re.findall(rf"(?ms)^- by {kind}[^:]*:(.*?)(?=^- |\n\n)", section)
    return set(re.findall(r"`(\w+)`", item))


def test_the_page_names_the_switches_that_can_be_determined() -> None:
    assert documented("reading") == READABLE | {"rate_status", "rate_retry_after"}
    assert documented("writing") == ALWAYS_BY_WRITING


def random_switches(seed: int) -> Switches:
    chance = random.Random(seed)
    values: dict[str, Any] = {
        "max_limit": chance.choice([1, 3, 10, 20, 57, 100, 1000]),
        "empty_status": chance.choice([200, 202, 204]),
        "visible_after": chance.choice([0, 500]),
        "changes_again_after": chance.choice([0, 700, 2300]),
        "text_takes": chance.choice([0, 100, 1700]),
    }
    for entry in fields(Switches):
        if entry.metadata["choices"]:
            values[entry.name] = chance.choice(entry.metadata["choices"])
        elif isinstance(entry.default, bool):
            values[entry.name] = chance.random() < 0.5
    return Switches().changed(values)


@contextmanager
def account(switches: Switches, **options: Any) -> Iterator[Running]:
    """A sandbox with a dozen inbound texts, outbound texts and calls."""
    with start(switches=switches, clock=Clock(still_at=NOW), **options) as running:
        login = (running.username, running.password)
        for number in range(12):
            phone = f"14155551{number:03d}"
            running.receive_text("hello", from_number=f"12135551{number:03d}")
            for kind, content in (("texts", {"message": "hi"}), ("calls", {"liveMessage": "hi"})):
                body = [{"phoneNumber": phone, **content}]
                assert requests.post(f"{running.url}/{kind}", json=body, auth=login, timeout=10).ok
            running.advance(1.337)
        running.advance(60)
        yield running


def asker(running: Running) -> Asker:
    return Asker(running.url, running.username, running.password, per_second=1e6)


def wrong(found: dict[str, Any], actual: Switches) -> dict[str, Any]:
    return {name: value for name, value in found.items() if asdict(actual)[name] != value}


def undetermined(found: dict[str, Any], actual: Switches) -> set[str]:
    """Return the readable switches that were not found although this account shows them."""
    hidden = set()
    if actual.total_count == "absent" and not actual.limit_and_offset:
        hidden.add("fields_strip_paging")  # there is nothing to strip
    if actual.over_limit == "clamp" and not actual.limit_and_offset and actual.max_limit > 24:
        hidden |= {"max_limit", "over_limit"}  # no page is full, and none says its limit
    unlike = actual.text_takes if actual.interval_field != "modified" else actual.changes_again_after
    if not unlike or not actual.changes_again_after or actual.whole_seconds:
        hidden.add("interval_field")  # texts are modified when they finish, or their times look equal
    return READABLE - found.keys() - hidden


@pytest.mark.parametrize("seed", range(8))
def test_random_switches_are_found(seed: int) -> None:
    actual = random_switches(seed)
    with account(actual, seed=seed) as running:
        before = running.admin("GET", "/state")["records"]
        found = calibrate(asker(running))
        assert running.admin("GET", "/state")["records"] == before
        assert all(entry["method"] == "GET" for entry in running.requests()[-20:])
        assert wrong(found, actual) == {}
        assert undetermined(found, actual) == set()
        found = calibrate(asker(running), allow_writes=True)
        assert wrong(found, actual) == {}
        assert found.keys() >= ALWAYS_BY_WRITING


def test_writing_leaves_nothing_but_an_archived_broadcast() -> None:
    with account(PROFILES["kind"]) as running:
        before = running.admin("GET", "/state")["records"]
        calibrate(asker(running), allow_writes=True)
        running.advance(3600)
        after = running.admin("GET", "/state")["records"]
        sent = [entry["number"] for entry in running.admin("GET", "/received")]
    changed = {name for name in after if len(after[name]) != len(before.get(name, []))}
    assert changed == {"text_broadcasts", "batches", "texts", "contacts", "removed_dncs"}
    assert [entry["status"] for entry in after["text_broadcasts"]] == ["ARCHIVED"]
    assert all(entry["deleted"] for entry in after["contacts"])
    assert NUMBER not in sent
    assert len(sent) == 12


def test_a_do_not_contact_entry_of_the_account_is_left_alone() -> None:
    with account(PROFILES["kind"]) as running:
        login = (running.username, running.password)
        url = f"{running.url}/contacts/dncs"
        assert requests.post(url, json={"numbers": [NUMBER]}, auth=login, timeout=10).ok
        assert "deleted_dnc" not in calibrate(asker(running), allow_writes=True)
        assert requests.get(f"{url}/{NUMBER}", auth=login, timeout=10).json()["call"] is True


@pytest.mark.parametrize("seed", [0, 1])
def test_an_empty_account_proves_little_and_nothing_wrong(seed: int) -> None:
    actual = random_switches(seed)
    with start(switches=actual, clock=Clock(still_at=NOW)) as running:
        found = calibrate(asker(running), allow_writes=True)
        assert wrong(found, actual) == {}
        assert not {"order", "call_result_name", "interval_field"} & found.keys()


@pytest.mark.parametrize("seed", [3, 5])
def test_a_faulty_account_proves_less_and_nothing_wrong(seed: int) -> None:
    actual = random_switches(seed)
    faults = [{"effect": "status", "status": status, "probability": 0.15} for status in (500, 503)]
    with account(actual, seed=seed) as running:
        for entry in faults:
            running.admin("POST", "/faults", {**entry, "path": "^/(texts|calls|contacts|webhooks|numbers)"})
        for _ in range(2):
            assert wrong(calibrate(asker(running), allow_writes=True), actual) == {}


def test_texts_that_change_meanwhile_prove_no_interval() -> None:
    """A text that is modified between its listing and the question must not refute anything."""
    with account(Switches(interval_field="modified", interval_bounds="()")) as running:
        login = (running.username, running.password)
        texts = requests.get(f"{running.url}/texts?limit=100", auth=login, timeout=10).json()["items"]
        for text in texts:
            text["modified"] += 5000  # as if it had been listed at another time
        assert interval_switches(asker(running), texts) == {}


@pytest.mark.parametrize("retry_after", [True, False])
def test_a_rate_limit_is_waited_out_and_recognized(retry_after: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    switches = Switches(rate_limit=3, rate_status=403, rate_retry_after=retry_after)
    with start(switches=switches, clock=Clock(still_at=NOW)) as running:
        monkeypatch.setattr(waiting, "sleep", running.advance)
        found = calibrate(asker(running))
        assert (found["rate_status"], found["rate_retry_after"]) == (403, retry_after)
        assert wrong(found, switches) == {}


def test_what_an_account_does_not_prove_is_left_out() -> None:
    records = [{"id": number, "modified": 1000 * number} for number in range(1, 8)]
    assert order(records) == {}
    assert order([*records, {"id": 8}]) == {"order": "oldest"}
    assert order([{"id": 2}, {"id": 3}, {"id": 1}]) == {"order": "shuffled"}
    assert whole_seconds(records[:2]) == {}
    assert whole_seconds(records) == {"whole_seconds": True}
    assert whole_seconds([*records, {"modified": 1}]) == {"whole_seconds": False}
    assert id_size([]) == id_size([{"id": 10**14}]) == {}


def test_the_command_reports_and_writes_a_profile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    actual = Switches(order="oldest", total_count="unknown", max_limit=57, whole_seconds=True)
    file = tmp_path / "account.json"
    with account(actual) as running:
        login = f"{running.username}:{running.password}"
        options = ["--server", running.url, "--login", login, "--per-second", "100000", "--write", str(file)]
        main(["calibrate", *options])
    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in capsys.readouterr().out.splitlines()}
    assert lines["order"] == 'differs "oldest" instead of "newest"'
    assert lines["max_limit"] == "differs 57 instead of 1000"
    assert lines["ids"] == 'matches "small"'
    assert lines["webhook_retries"] == "unknown"
    assert json.loads(file.read_text())["switches"]["total_count"] == "unknown"
    started = chosen_switches(str(file), ["order=shuffled"])
    assert started is not None
    assert (started.order, started.total_count, started.max_limit) == ("shuffled", "unknown", 57)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"switches": []}', '{"switches": {"ordr": 1}}'])
def test_a_wrong_profile_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "profile.json"
    file.write_text(content)
    with pytest.raises(ValueError, match=r"profile|ordr"):
        chosen_switches(str(file), [])


ODD: tuple[Any, ...] = (
    *(None, 5, "x", [], [1], [None], {}, {"items": 5}, {"items": [None, 5]}, {"items": [{}]}, {"limit": "x"}),
    {"items": [{"id": {}}], "limit": "x", "totalCount": []},
    {"items": [{"id": "a", "modified": "x", "created": 1}, {"id": 1, "records": 5}], "id": {}},
    {"items": [{"id": 1, "records": [5], "contact": 5, "inbound": True}]},
    {"items": [{"id": 1, "records": [{"finishTime": 1}], "contact": {}, "inbound": False}]},
    {"status": "VALIDATING", "size": "x", "id": 1},
)


class OddAsker(Asker):
    """An account that has the same response to each request."""

    odd: Any = None

    def send(self, method: str, path: str, **_more: Any) -> Answer:
        return Answer(200, self.odd, has_body=True)


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_response_proves_nothing_about_other_switches(odd: Any) -> None:
    asker = OddAsker("http://127.0.0.1:9/v2", "sandbox", "s3cr3t-password")
    asker.odd = odd
    found = calibrate(asker, allow_writes=True)
    assert found["bare_number_lists"] is isinstance(odd, list)
    assert "interval_field" not in found
    assert "s3cr3t" not in repr(asker)


def test_a_refused_login_is_explained(client: Any) -> None:
    with pytest.raises(CalibrationError, match="answered with 401"):
        calibrate(Asker(client.callfire.url, "sandbox", "wrong"))
    with pytest.raises(CalibrationError, match="does not answer"):
        calibrate(Asker("http://127.0.0.1:9/v2", "sandbox", "x"))
