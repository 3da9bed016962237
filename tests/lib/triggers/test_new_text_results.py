"""Get New Text Results Polling with the sandbox, for the settings of undocumented behavior of CallFire."""

import itertools
from typing import Any

import pytest
from callfire_sandbox.server import Running

from lib.callfire.api.errors import CallFireError, InvalidSettings
from lib.callfire.polling.item_kinds import SENT_TEXTS, message_id
from lib.callfire.webhooks.webhook_delivery import WebhookEvent
from lib.callfire.webhooks.webhook_trigger import _outcome
from tests.lib.steps import FakeStep, config_for, run
from tests.lib.triggers.account import Account as PollingAccount

TRIGGER = "triggers.new_text_results"
FINE, INVALID, CARRIER_ERROR, TEMPORARY, CHANGES, SLOW, DNC = (
    "12135550111",
    *(f"1500555000{digit}" for digit in (1, 5, 6, 7, 9)),
    "12135550199",
)
MORE: tuple[tuple[bool, dict[str, Any]], ...] = (
    (False, {"visible_after": 0}),
    (True, {"visible_after": 400, "total_count": "absent"}),
)
SWITCHES = [
    {"order": order, "interval_field": field, "interval_bounds": bounds, "whole_seconds": whole, **others}
    for order, (field, bounds), (whole, others) in itertools.product(
        ("newest", "oldest", "shuffled"),
        (("created", "[]"), ("modified", "()"), ("finished", "()")),
        MORE,
    )
]


class Account(PollingAccount):
    trigger = TRIGGER

    def send(self, *numbers: str, **given: Any) -> list[int]:
        recipients = [{"phoneNumber": number, "message": f"to {number}"} for number in numbers]
        (payload,) = run("actions.send_texts", {"recipients": recipients, **given}, self.login)
        return [int(result["id"]) for result in payload["body"]["results"]]

    def outcomes(self, **config: Any) -> list[tuple[str, str]]:
        return [(payload["body"]["toNumber"], payload["body"]["outcome"]) for payload in self.poll(**config)]


@pytest.fixture
def account(polled: Running) -> Account:
    return Account(polled)


@pytest.mark.parametrize(
    ("switches", "reads_refused"),
    [*((switches, False) for switches in SWITCHES), (SWITCHES[4], True), (SWITCHES[-1], True)],
)
def test_each_text_is_emitted_once_when_its_result_is_final(
    switches: dict[str, Any], reads_refused: bool, account: Account
) -> None:
    account.switch(text_takes=2000, **switches)
    account.config |= {"readRefused": reads_refused, "pageSize": 2}
    run("actions.add_do_not_contacts", {"numbers": [DNC], "text": True}, account.login)
    account.send(SLOW)
    account.wait(5)
    account.send(FINE, INVALID, CARRIER_ERROR, TEMPORARY, DNC)
    account.wait(0.5)
    # CallFire refuses an invalid number without an attempt. An interval by the end does not include such texts.
    is_omitted = switches["interval_field"] == "finished" and not reads_refused
    refused = [] if is_omitted else [(INVALID, "failed")]
    assert sorted(account.outcomes()) == [(DNC, "optedOut"), *refused]
    account.wait(2)
    expected = [(FINE, "delivered"), (CARRIER_ERROR, "failed"), (TEMPORARY, "retryLater")]
    assert sorted(account.outcomes()) == sorted(expected)
    assert account.outcomes() == []
    account.wait(3600)
    assert account.outcomes() == [(SLOW, "delivered")]
    account.send(FINE)
    account.wait(5)
    assert account.outcomes() == [(FINE, "delivered")]
    assert account.outcomes() == []


def test_results_are_in_the_order_of_the_end(account: Account) -> None:
    account.send(SLOW)
    account.wait(1)
    account.send(FINE)
    account.wait(60)
    assert account.outcomes() == [(FINE, "delivered"), (SLOW, "delivered")]


def test_received_texts_are_not_emitted(account: Account) -> None:
    account.admin("POST", "texts", {"fromNumber": FINE, "message": "in"})
    account.wait(5)
    assert account.outcomes() == []


@pytest.mark.parametrize(("emits_changes", "expected"), [(True, [(CHANGES, "failed")]), (False, [])])
def test_a_changed_result_is_emitted_again_only_if_selected(
    account: Account, emits_changes: bool, expected: list[Any]
) -> None:
    account.config["emitChanges"] = emits_changes
    account.send(CHANGES)
    account.wait(0.5)
    assert account.outcomes() == [(CHANGES, "delivered")]
    account.wait(5)
    assert account.outcomes() == expected


def test_only_selected_outcomes_are_emitted(account: Account) -> None:
    account.config["outcomes"] = ["failed", "optedOut"]
    account.switch(text_takes=2000)
    slow = "12135550133"
    account.admin("PUT", f"outcomes/{slow}", {"finalTextResult": "TOO_BIG"})
    account.switch(text_takes=7_000_000)
    account.send(slow)
    account.switch(text_takes=2000)
    account.send(FINE, CARRIER_ERROR)
    account.wait(5)
    assert account.outcomes() == [(CARRIER_ERROR, "failed")]
    for _ in range(2):  # the position advances by more than the lookback window
        account.wait(3400)
        account.send(CARRIER_ERROR)
        account.wait(5)
        assert account.outcomes() == [(CARRIER_ERROR, "failed")]
    account.wait(400)
    assert account.outcomes() == [(slow, "failed")]
    assert account.outcomes(outcomes="failed, optedOut") == []
    account.config["outcomes"] = "lost"
    with pytest.raises(InvalidSettings, match=r"^outcomes: must be of delivered, failed"):
        account.poll()


def test_texts_of_one_number_label_or_broadcast(account: Account) -> None:
    campaign = {"name": "News", "message": "Hi", "labels": ["news"], "recipients": [{"phoneNumber": FINE}]}
    (payload,) = run("actions.create_text_broadcast", {**campaign, "start": True}, account.login)
    broadcast = payload["body"]["id"]
    account.send(CARRIER_ERROR)
    account.wait(60)
    from_number = account.poll()[0]["body"]["fromNumber"]
    account.snapshot = None
    for filters in ({"campaignId": broadcast}, {"label": "news"}):
        assert account.outcomes(**filters) == [(FINE, "delivered")]
        account.snapshot = None
    assert len(account.poll(fromNumber=from_number)) == 2
    account.snapshot = None
    assert account.poll(fromNumber=FINE) == []


@pytest.mark.parametrize(("hours", "is_emitted"), [("1", False), ("48", True)])
def test_an_unfinished_text_is_waited_for(account: Account, hours: str, is_emitted: bool) -> None:
    account.switch(text_takes=2 * 24 * 3600 * 1000 - 60_000)
    account.send(FINE)
    account.wait(1)
    for _ in range(48):  # other results advance the position
        account.switch(text_takes=100)
        account.send(CARRIER_ERROR)
        account.wait(3600)
        found = account.outcomes(patience=hours)
        assert (CARRIER_ERROR, "failed") in found
    assert ((FINE, "delivered") in found) is is_emitted


def test_a_disabled_or_unfinished_text_has_no_result_yet() -> None:
    final = [{"state": "FINISHED", "finalTextResult": "SENT"}, {"state": "INVALID"}, {"state": "NEW_STATE"}]
    pending = [{"state": state} for state in ("READY", "SELECTED", "CALLBACK", "DISABLED", "FINISHED")]
    assert [SENT_TEXTS.is_complete(text) for text in final] == [True] * 3
    assert [SENT_TEXTS.is_complete(text) for text in pending] == [False] * 5


def test_the_message_id_is_that_of_the_webhook(account: Account) -> None:
    (number,) = account.send(FINE)
    account.wait(5)
    (payload,) = account.poll()
    content = payload["body"]
    event = WebhookEvent("OutboundText", "finished", {"resource": content})
    expected = message_id("OutboundText", number, _outcome(event))
    assert payload["id"] == expected


def test_a_page_is_one_message(account: Account) -> None:
    account.send(FINE, CARRIER_ERROR)
    account.wait(5)
    (payload,) = account.poll(emitBehavior="emitPage")
    assert sorted(item["outcome"] for item in payload["body"]["items"]) == ["delivered", "failed"]


def test_a_sample_has_a_result(account: Account) -> None:
    account.switch(text_takes=10_000)
    account.send(FINE)
    config = {**account.login}
    with pytest.raises(CallFireError, match=r"no sent text with a result matches the filters\. Send a text, then"):
        run(TRIGGER, {}, config, step=FakeStep(is_debug=True))
    account.wait(60)
    (payload,) = run(TRIGGER, {}, config, step=FakeStep(is_debug=True))
    assert payload["body"]["outcome"] == "delivered"


@pytest.mark.parametrize("outcomes", [5, {"failed": 1}, [["failed"]], ["failed", "lost"], "failed,,"])
def test_an_invalid_outcome_is_an_error(outcomes: Any) -> None:
    with pytest.raises(InvalidSettings, match=r"^outcomes: must be of delivered, failed"):
        run(TRIGGER, {}, config_for("http://127.0.0.1:1", outcomes=outcomes))


def test_an_invalid_wait_is_an_error() -> None:
    with pytest.raises(InvalidSettings, match=r"^patience: must be from 1 to 168"):
        run(TRIGGER, {}, config_for("http://127.0.0.1:1", patience="0"))
