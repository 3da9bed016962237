"""Magic numbers: what texts and calls to them do, without any admin request."""

from pathlib import Path
from typing import Any

import pytest
from callfire_sandbox.world.magic_numbers import MAGIC_NUMBERS

from tests.contract.test_docs import table
from tests.sandbox.conftest import LEASED, PHONE, Client

DOCS = Path(__file__).parents[2] / "docs" / "sandbox.md"


def outcome(client: Client, kind: str, number: str, seconds: int = 10) -> tuple[str, str | None]:
    """Send to a number and return the state and the final result."""
    content = {"message": "hi"} if kind == "texts" else {"liveMessage": "hi"}
    (action,) = client.post(f"/{kind}", json=[{"phoneNumber": number, **content}]).json()["items"]
    client.advance(seconds * 1000)
    found = client.get(f"/{kind}/{action['id']}").json()
    return found["state"], found.get("finalTextResult") or found.get("finalCallResult")


@pytest.mark.parametrize(
    ("number", "text", "call"),
    [
        ("15005550001", ("INVALID", None), ("INVALID", None)),
        ("15005550002", ("FINISHED", "SENT"), ("FINISHED", "BUSY")),
        ("15005550003", ("FINISHED", "SENT"), ("FINISHED", "NO_ANS")),
        ("15005550004", ("FINISHED", "SENT"), ("FINISHED", "AM")),
        ("15005550005", ("FINISHED", "CARRIER_ERROR"), ("FINISHED", "CARRIER_ERROR")),
        ("15005550006", ("FINISHED", "CARRIER_TEMP_ERROR"), ("FINISHED", "CARRIER_TEMP_ERROR")),
        ("15005550007", ("FINISHED", "CARRIER_ERROR"), ("FINISHED", "LA")),
        ("15005550008", ("FINISHED", "INVALID_NUMBER"), ("FINISHED", "LA")),
        ("15005550009", ("READY", None), ("READY", None)),
        ("15005550010", ("DNC", "DNT"), ("DNC", "DNC")),
        ("15005550011", ("DNC", "DNT"), ("FINISHED", "LA")),
        ("15005550012", ("DNC", "DNT"), ("DNC", "DNC")),
        ("15005550013", ("FINISHED", "SENT"), ("FINISHED", "LA")),
        ("15005550014", ("FINISHED", "SENT"), ("FINISHED", "LA")),
        (PHONE, ("FINISHED", "SENT"), ("FINISHED", "LA")),
    ],
)
def test_the_results(client: Client, number: str, text: Any, call: Any) -> None:
    assert outcome(client, "texts", number) == text
    assert outcome(client, "calls", number) == call


def test_an_invalid_number_is_refused_where_other_invalid_numbers_are(client: Client) -> None:
    body = [{"phoneNumber": "15005550001", "message": "hi"}]
    assert client.post("/texts", json=body, params={"strictValidation": "true"}).status_code == 400
    client.switch(bad_number="refuse")
    assert client.post("/texts", json=body).status_code == 400


def test_a_late_failure_is_first_a_success(client: Client) -> None:
    text = client.text(number="15005550007")
    client.advance(200)
    assert client.get(f"/texts/{text['id']}").json()["finalTextResult"] == "SENT"
    client.advance(2000)
    assert client.get(f"/texts/{text['id']}").json()["finalTextResult"] == "CARRIER_ERROR"


def test_a_slow_number_does_not_delay_others(client: Client) -> None:
    body = [{"phoneNumber": number, "message": "hi"} for number in ("15005550009", PHONE)]
    slow, other = client.post("/texts", json=body).json()["items"]
    client.advance(10_000)
    assert client.get(f"/texts/{other['id']}").json()["state"] == "FINISHED"
    assert client.get(f"/texts/{slow['id']}").json()["state"] == "READY"
    client.advance(21_000)
    assert client.get(f"/texts/{slow['id']}").json()["finalTextResult"] == "SENT"


@pytest.mark.parametrize(("number", "call"), [("15005550010", True), ("15005550011", False)])
def test_do_not_contact_entries_are_found_by_number_and_can_be_removed(client: Client, number: str, call: bool) -> None:
    assert client.get("/contacts/dncs").json()["items"] == []
    (entry,) = client.get("/contacts/dncs", params={"number": number}).json()["items"]
    assert (entry["number"], entry["text"], entry["call"]) == (number, True, call)
    assert client.get(f"/contacts/dncs/{number}").json()["text"] is True
    assert client.delete(f"/contacts/dncs/{number}").ok
    assert outcome(client, "texts", number) == ("FINISHED", "SENT")
    assert client.get("/contacts/dncs", params={"number": number}).json()["items"] == []


def test_the_universal_list_is_asked_by_number(client: Client) -> None:
    (entry,) = client.get("/contacts/dncs/universals/15005550012").json()["items"]
    assert (entry["outboundText"], entry["outboundCall"]) == (True, True)
    assert client.get(f"/contacts/dncs/universals/{PHONE}").json()["items"] == []


def test_a_stop_opts_out(client: Client) -> None:
    number = "15005550013"
    client.text(number=number, message="news")
    client.advance(1000)
    inbound = client.get("/texts", params={"inbound": "true"}).json()["items"]
    assert [(text["fromNumber"], text["toNumber"], text["message"]) for text in inbound] == [(number, "67076", "STOP")]
    assert outcome(client, "texts", number) == ("DNC", "DNT")


def test_two_automatic_repliers_do_not_loop(client: Client) -> None:
    assert client.post("/texts/auto-replys", json={"message": "thanks"}).ok
    number = "15005550014"
    assert client.post("/texts", json=[{"phoneNumber": number, "message": "hi", "fromNumber": LEASED}]).ok
    client.advance(30_000)
    found = client.get("/texts", params={"limit": 100}).json()["items"]
    assert [(text["inbound"], text["message"]) for text in found] == [(False, "thanks"), (True, "YES"), (False, "hi")]


def test_a_set_outcome_has_priority(client: Client) -> None:
    client.admin("PUT", "/outcomes/15005550002", {"finalCallResult": "AM"})
    assert outcome(client, "calls", "15005550002") == ("FINISHED", "AM")


def test_the_numbers_are_listed_on_the_admin_api_and_in_the_docs(client: Client) -> None:
    listed = client.admin("GET", "/magic-numbers")
    assert len({entry["number"] for entry in listed}) == len(MAGIC_NUMBERS)
    shown = [[f"`{entry['number']}`", entry["description"]] for entry in listed]
    assert table(DOCS.read_text(), "Magic numbers") == shown
