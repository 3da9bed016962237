"""Each switch changes the behavior it names."""

from dataclasses import fields
from typing import Any

import pytest
from callfire_sandbox.__main__ import switches
from callfire_sandbox.switches import PROFILES, Switches

from tests.sandbox.conftest import LEASED, NOW, OTHER_PHONE, PHONE, Client

SECOND = 1000


def found(client: Client, **query: Any) -> list[str]:
    answer = client.get("/texts", params=query)
    assert answer.ok, answer.text
    return [text["message"] for text in answer.json()["items"]]


def test_profiles_are_the_two_ends() -> None:
    kind, harsh = PROFILES["kind"], PROFILES["harsh"]
    same = {entry.name for entry in fields(Switches) if getattr(kind, entry.name) == getattr(harsh, entry.name)}
    assert same == {"webhook_retry_after"}
    assert harsh.changed({}) == harsh


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"ordr": "newest"}, "no switch 'ordr'"),
        ({"order": "random"}, "newest or oldest or shuffled"),
        ({"max_limit": "x"}, "number"),
        ({"whole_seconds": "perhaps"}, "true or false"),
        ({"rate_limit": -1}, "number from 0"),
        ({"webhook_lost": 1.5}, "between 0 and 1"),
    ],
)
def test_a_wrong_switch_is_explained(client: Client, values: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Switches().changed(values)
    answer = client.patch(f"{client.callfire.admin_url}/switches", json=values)
    assert answer.status_code == 400
    assert complaint in answer.json()["message"]


def test_switches_of_the_command_line() -> None:
    assert switches(None, []) is None
    assert switches(None, ["max_limit=7"]) == Switches(max_limit=7)
    chosen = switches("harsh", ["order=oldest", "whole_seconds=false", "max_limit=7"])
    assert chosen
    assert (chosen.order, chosen.whole_seconds, chosen.max_limit, chosen.empty_status) == ("oldest", False, 7, 204)
    with pytest.raises(ValueError, match="NAME=VALUE"):
        switches("kind", ["order"])


def test_a_profile_is_set_at_run_time(client: Client) -> None:
    client.switch(profile="harsh", rate_limit=0)
    assert client.admin("GET", "/switches")["order"] == "shuffled"
    client.switch(profile="kind")
    assert client.admin("GET", "/switches")["order"] == "newest"


def test_order(client: Client) -> None:
    for number in range(30):
        client.inbound(str(number))
    numbers = [str(number) for number in range(30)]
    assert found(client, limit=30) == numbers[::-1]
    client.switch(order="oldest")
    assert found(client, limit=30) == numbers
    client.switch(order="shuffled")
    shuffled = found(client, limit=30)
    assert shuffled not in (numbers, numbers[::-1])
    assert sorted(shuffled) == sorted(numbers)
    assert found(client, limit=10) + found(client, limit=20, offset=10) == shuffled


@pytest.mark.parametrize(("field", "expected"), [("created", ["sent"]), ("modified", []), ("finished", [])])
def test_the_time_that_an_interval_refers_to(client: Client, field: str, expected: list[str]) -> None:
    client.text("sent")
    client.advance(5 * SECOND)
    client.switch(interval_field=field)
    assert found(client, intervalBegin=NOW, intervalEnd=NOW) == expected
    assert found(client, intervalBegin=NOW + 100, intervalEnd=NOW + 100) == ([] if expected else ["sent"])


def test_modified_and_finished_differ_once_a_text_changes_again(client: Client) -> None:
    client.switch(changes_again_after=10 * SECOND)
    client.text("sent")
    client.advance(20 * SECOND)
    later = NOW + 100 + 10 * SECOND
    assert found(client, intervalBegin=later) == []
    client.switch(interval_field="modified")
    assert found(client, intervalBegin=later) == ["sent"]
    client.switch(interval_field="finished")
    assert found(client, intervalBegin=later) == []
    assert found(client, intervalEnd=NOW + 100) == ["sent"]


@pytest.mark.parametrize(("bounds", "expected"), [("[]", "ab"), ("[)", "a"), ("(]", "b"), ("()", "")])
def test_bounds_of_an_interval(client: Client, bounds: str, expected: str) -> None:
    client.switch(interval_bounds=bounds, order="oldest")
    client.inbound("a")
    client.advance(SECOND)
    client.inbound("b")
    assert "".join(found(client, intervalBegin=NOW, intervalEnd=NOW + SECOND)) == expected


def test_whole_seconds(client: Client) -> None:
    assert client.inbound()["created"] == NOW
    client.switch(whole_seconds=True)
    text = client.inbound()
    assert text["created"] == text["modified"] == NOW - NOW % 1000
    assert client.get(f"/texts/{text['id']}").json()["records"][0]["finishTime"] % 1000 == 0


def test_total_count(client: Client) -> None:
    client.inbound()
    assert client.get("/texts").json()["totalCount"] == 1
    client.switch(total_count="unknown")
    assert client.get("/texts").json()["totalCount"] == -1
    client.switch(total_count="absent")
    assert client.get("/texts").json().keys() == {"items", "limit", "offset"}


def test_limit_and_offset(client: Client) -> None:
    client.switch(limit_and_offset=False)
    assert client.get("/texts").json() == {"items": [], "totalCount": 0}
    client.switch(total_count="absent")
    assert client.get("/texts").json() == {"items": []}


def test_an_update_without_an_answer(client: Client) -> None:
    number = client.post("/texts/broadcasts", json={"name": "x"}).json()["id"]
    assert client.put(f"/texts/broadcasts/{number}", json={"name": "z"}).content == b""
    assert client.get(f"/texts/broadcasts/{number}").json()["name"] == "z"
    client.switch(update_answers_id=True)
    assert client.put(f"/texts/broadcasts/{number}", json={"name": "y"}).json() == {"id": number}


def test_fields_and_the_paging_keys(client: Client) -> None:
    assert client.get("/texts", params={"fields": "items(id)"}).json() == {"items": []}
    client.switch(fields_strip_paging=False)
    answer = client.get("/texts", params={"fields": "items(id)"}).json()
    assert answer == {"items": [], "limit": 10, "offset": 0, "totalCount": 0}


def test_the_largest_limit(client: Client) -> None:
    client.switch(max_limit=5)
    assert client.get("/texts", params={"limit": 50}).json()["limit"] == 5
    client.switch(over_limit="refuse")
    assert client.get("/texts", params={"limit": 50}).status_code == 400


@pytest.mark.parametrize(("status", "waits"), [(429, True), (403, False)])
def test_the_rate_limit(client: Client, status: int, waits: bool) -> None:
    client.switch(rate_limit=3, rate_status=status, rate_retry_after=waits)
    assert [client.get("/texts").status_code for _ in range(4)] == [200, 200, 200, status]
    assert ("Retry-After" in client.get("/texts").headers) is waits
    client.advance(SECOND)
    assert client.get("/texts").status_code == 200


def test_late_visibility(client: Client) -> None:
    client.switch(visible_after=2 * SECOND)
    text = client.inbound("late")
    assert found(client) == []
    assert found(client, fromNumber=PHONE) == []
    assert client.get(f"/texts/{text['id']}").ok
    client.advance(2 * SECOND)
    assert found(client) == found(client, fromNumber=PHONE) == ["late"]


def test_late_visibility_of_contacts(client: Client) -> None:
    client.switch(contact_visible_after=2 * SECOND)
    number = client.post("/contacts", json=[{"mobilePhone": PHONE}]).json()["items"][0]["id"]
    queries: list[dict[str, str]] = [{}, {"number": PHONE}]
    assert [client.get("/contacts", params=query).json()["items"] for query in queries] == [[], []]
    assert client.get(f"/contacts/{number}").ok
    client.advance(2 * SECOND)
    for query in queries:
        assert [item["id"] for item in client.get("/contacts", params=query).json()["items"]] == [number]


def test_a_recording_is_ready_later(client: Client) -> None:
    client.switch(recording_takes=2 * SECOND)
    client.admin("POST", "/calls", {"fromNumber": PHONE, "recordingSeconds": 1})

    def states() -> list[Any]:
        (call,) = client.get("/calls").json()["items"]
        ((shown,),) = (record["recordings"] for record in call["records"])
        found = client.get(f"/calls/recordings/{shown['id']}").json()
        return [shown["state"], found["state"], client.get(f"/calls/recordings/{shown['id']}.mp3").status_code]

    assert states() == ["RECORDING", "RECORDING", 404]
    client.advance(2 * SECOND)
    assert states() == ["READY", "READY", 200]


def test_how_long_things_take(client: Client) -> None:
    client.switch(text_takes=5 * SECOND, call_takes=7 * SECOND, list_takes=SECOND, order_takes=2 * SECOND)
    text = client.text()["id"]
    call = client.post("/calls", json=[{"phoneNumber": PHONE, "liveMessage": "hi"}]).json()["items"][0]["id"]
    made = client.post("/contacts/lists", json={"contactNumbers": [PHONE]}).json()["id"]
    order = client.post("/orders/keywords", json={"keywords": ["sun"]}).json()["id"]

    def states() -> tuple[str, ...]:
        seen = ((f"/texts/{text}", "state"), (f"/calls/{call}", "state"), (f"/orders/{order}", "status"))
        return tuple(client.get(path).json()[name] for path, name in (*seen, (f"/contacts/lists/{made}", "status")))

    assert states() == ("READY", "READY", "PROCESSING", "VALIDATING")
    client.advance(2 * SECOND)
    assert states() == ("READY", "READY", "FINISHED", "ACTIVE")
    client.advance(3 * SECOND)
    assert states() == ("FINISHED", "READY", "FINISHED", "ACTIVE")
    client.advance(2 * SECOND)
    assert states() == ("FINISHED", "FINISHED", "FINISHED", "ACTIVE")


def test_empty_answers(client: Client) -> None:
    numbers = {"numbers": [OTHER_PHONE]}
    assert client.post("/contacts/dncs", json=numbers).status_code == 200
    client.switch(empty_status=204)
    answer = client.post("/contacts/dncs", json=numbers)
    assert (answer.status_code, answer.content) == (204, b"")


def test_bare_number_lists(client: Client) -> None:
    query = {"prefix": "1213", "limit": "2"}
    assert [entry["number"][:4] for entry in client.get("/numbers/local", params=query).json()] == ["1213", "1213"]
    assert LEASED not in client.get("/numbers/local", params=query).text
    client.switch(bare_number_lists=False)
    assert len(client.get("/numbers/local", params=query).json()["items"]) == 2
