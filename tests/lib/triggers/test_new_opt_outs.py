"""Get New Opt-Outs Polling with the sandbox: opt-out words and the DNC list, each opt-out once."""

import itertools
from typing import Any

import pytest
from callfire_sandbox.server import Running

from lib.callfire.api.errors import CallFireError, InvalidSettings
from lib.callfire.polling.opt_outs import DELAY, PAIRING
from tests.lib.recording import Recorder, json_reply
from tests.lib.steps import FakeStep, config_for, run
from tests.lib.triggers.account import START
from tests.lib.triggers.account import Account as PollingAccount

TRIGGER = "triggers.new_opt_outs"
ANN, BOB, CAT = "12135550111", "12135550122", "12135550133"
SWITCHES = [
    {"order": order, "interval_field": field, "interval_bounds": bounds, "total_count": total, "max_limit": limit}
    for order, (field, bounds), (total, limit) in itertools.product(
        ("newest", "oldest", "shuffled"),
        (("created", "[]"), ("modified", "()"), ("finished", "()")),
        (("exact", 1000), ("absent", 2)),
    )
]


class Account(PollingAccount):
    trigger = TRIGGER

    def text(self, sender: str, message: str = "Stop") -> None:
        self.wait()
        self.admin("POST", "texts", {"fromNumber": sender, "message": message})

    def add(self, *numbers: str, **given: Any) -> None:
        """Add entries that are old enough to be emitted."""
        self.wait()
        run("actions.add_do_not_contacts", {"numbers": list(numbers), **given}, self.login)
        self.wait(DELAY / 1000)

    def remove(self, number: str) -> None:
        run("actions.delete_do_not_contact", {"number": number}, self.login)

    def poll(self, **config: Any) -> list[dict[str, Any]]:
        self.wait()
        return super().poll(**config)

    def found(self, **config: Any) -> list[tuple[str, str]]:
        return [(payload["body"]["number"], payload["body"]["source"]) for payload in self.poll(**config)]


@pytest.fixture
def account(polled: Running) -> Account:
    return Account(polled, pageSize="2")


@pytest.mark.parametrize("switches", SWITCHES, ids=lambda switches: "-".join(str(value) for value in switches.values()))
def test_each_opt_out_is_emitted_once_and_in_order(switches: dict[str, Any], account: Account) -> None:
    account.switch(**switches)
    account.text(ANN, "Please stop!")  # CallFire also adds an entry
    account.text(CAT, "stop by at five")
    account.add(BOB)
    assert account.found() == [(ANN, "text"), (BOB, "dncList")]
    assert account.found() == []
    account.wait(5 * 3600)
    account.add("12135550144", "12135550155", "12135550166")
    account.text(CAT, "UNSUBSCRIBE")
    expected = [*((number, "dncList") for number in ("12135550144", "12135550155", "12135550166")), (CAT, "text")]
    assert account.found() == expected
    for _ in range(8):  # the window passes the texts before their entries
        account.wait(1200)
        assert account.found() == []
        account.wait(0.4)
    account.add("12135550177")
    assert account.found() == [("12135550177", "dncList")]


def test_an_entry_that_follows_an_emitted_text_is_not_a_second_opt_out(account: Account) -> None:
    account.text(ANN)
    account.remove(ANN)
    assert account.found() == [(ANN, "text")]
    account.wait(PAIRING / 1000 - 10)
    account.add(ANN)  # by the flow
    assert account.found() == []
    account.remove(ANN)
    account.wait(60)
    account.add(ANN)
    assert account.found() == [(ANN, "dncList")]


def test_the_text_of_an_entry_is_read_although_it_is_older_than_the_window(account: Account) -> None:
    account.text(ANN)
    account.remove(ANN)
    assert account.found() == [(ANN, "text")]
    account.wait(540)
    account.add(ANN)
    assert account.found() == []
    account.wait(3360)
    account.add(BOB)
    assert account.found() == [(BOB, "dncList")]
    assert account.found() == []


def test_an_entry_waits_for_a_text_that_is_listed_late(account: Account) -> None:
    account.switch(visible_after=50_000)
    account.text(ANN)
    account.wait()
    run("actions.add_do_not_contacts", {"numbers": [BOB]}, account.login)
    assert account.found() == []
    account.wait(DELAY / 1000)
    assert account.found() == [(ANN, "text"), (BOB, "dncList")]
    assert account.found() == []


def test_an_entry_does_not_wait_without_texts(account: Account) -> None:
    account.wait()
    run("actions.add_do_not_contacts", {"numbers": [BOB]}, account.login)
    assert account.found(sources="dncList") == [(BOB, "dncList")]


def test_an_entry_after_a_text_before_the_start_is_an_opt_out(account: Account) -> None:
    account.text(ANN)
    account.remove(ANN)
    account.config["startTime"] = START + 60_000
    assert account.found() == []
    account.wait(120)
    account.add(ANN)
    assert account.found() == [(ANN, "dncList")]


def test_a_number_that_is_listed_again_is_another_opt_out(account: Account) -> None:
    account.add(ANN)
    first = account.poll()
    account.remove(ANN)
    assert account.found() == []
    account.wait(3)
    account.add(ANN)
    second = account.poll()
    assert [payload["body"]["number"] for payload in (*first, *second)] == [ANN, ANN]
    assert first[0]["id"] != second[0]["id"]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ("", [(ANN, "text"), (BOB, "dncList")]),
        ("both", [(ANN, "text"), (BOB, "dncList")]),
        ("text", [(ANN, "text")]),
        ("dncList", [(ANN, "dncList"), (BOB, "dncList")]),
    ],
)
def test_the_form_selects_the_sources(account: Account, sources: str, expected: list[Any]) -> None:
    account.text(ANN)
    account.add(BOB)
    assert account.found(sources=sources) == expected


def test_an_opt_out_has_the_properties_of_its_source(account: Account) -> None:
    account.text(ANN, "STOP")
    account.add(BOB, call=False, source="CRM")
    said, listed = (payload["body"] for payload in account.poll())
    assert said.keys() == {"number", "source", "created", "message", "toNumber", "textId"}
    assert (said["message"], listed["call"], listed["text"], listed["dncSource"]) == ("STOP", False, True, "CRM")
    assert said["created"] < listed["created"]
    assert "id" not in listed


def test_sent_texts_and_entries_before_the_start_are_not_opt_outs(account: Account) -> None:
    account.add(ANN)
    account.config["startTime"] = START + 60_000
    account.wait(120)
    run("actions.send_texts", {"recipients": {"phoneNumber": BOB, "message": "stop"}}, account.login)
    account.wait(5)
    assert account.found() == []


def test_odd_entries_do_not_stop_the_others(server: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    entries = [
        {"number": ANN, "created": START, "call": False, "text": False},
        {"number": BOB, "created": START + 1, "call": None},
        {"number": "", "created": START},
        "x",
        {"number": CAT, "created": 10**15, "text": True},
        {"number": "(213) 555-0144", "created": START, "inboundText": True},
    ]
    texts = [{"id": 1, "created": "9" * 20, "message": "stop", "fromNumber": CAT}, "y"]
    server.replies += [json_reply({"items": texts}), json_reply({"items": entries})]
    payloads = run(TRIGGER, {}, config_for(server.url, startTime=START))
    assert [payload["body"]["number"] for payload in payloads] == ["12135550144", BOB]
    assert caplog.text.count("cannot be read") == 4
    assert CAT not in caplog.text


def test_a_sample_is_an_opt_out(account: Account) -> None:
    step = FakeStep(is_debug=True)
    with pytest.raises(CallFireError, match="no opt-out matches"):
        run(TRIGGER, {}, account.login, step=step)
    account.text(ANN)
    account.add(BOB)
    bodies = [payload["body"] for payload in run(TRIGGER, {}, account.login, step=FakeStep(is_debug=True))]
    assert [(body["number"], body["source"]) for body in bodies] == [(ANN, "text"), (ANN, "dncList"), (BOB, "dncList")]


@pytest.mark.parametrize(("sources", "expected"), [("text", [ANN]), ("dncList", [BOB])])
def test_a_sample_has_the_selected_source(account: Account, sources: str, expected: list[str]) -> None:
    account.text(ANN)
    account.remove(ANN)
    account.add(BOB)
    payloads = run(TRIGGER, {}, {**account.login, "sources": sources}, step=FakeStep(is_debug=True))
    assert [payload["body"]["number"] for payload in payloads] == expected


def test_an_unknown_source_is_an_error() -> None:
    with pytest.raises(InvalidSettings, match=r"^sources: must be one of both, text, dncList"):
        run(TRIGGER, {}, config_for("http://127.0.0.1:1", sources="phone"))
