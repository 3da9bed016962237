"""Inputs of public bug reports in this field, through whole actions up to the request that CallFire receives."""

from typing import Any

import pytest

from lib.callfire.api.errors import InvalidInput
from tests.lib.recording import Recorder, Reply, json_reply
from tests.lib.steps import config_for, run

NUMBER = "12132000384"
ITEMS = json_reply({"items": [{"id": 1, "state": "READY"}]})


def send(**recipient: Any) -> dict[str, Any]:
    return {"recipients": [{"phoneNumber": NUMBER, **recipient}], "defaultMessage": "Common"}


@pytest.mark.parametrize(
    ("action", "body", "sent"),
    [
        ("send_texts", send(message=123456), {"message": "123456"}),
        ("send_texts", send(attributes={"vip": True}), {"attributes": {"vip": "true"}}),
        ("create_contacts", {"contacts": [{"homePhone": 12132000384}]}, {"homePhone": NUMBER}),
        ("create_contacts", {"contacts": [{"zipcode": 90401}]}, {"zipcode": "90401"}),
        ("send_texts", send(phoneNumber=12132000384.0), {"phoneNumber": NUMBER}),
    ],
    ids=["message", "attributes", "homePhone", "zipcode", "phoneNumber"],
)
def test_numbers_and_booleans_are_sent_as_text(
    action: str, body: dict[str, Any], sent: dict[str, Any], server: Recorder
) -> None:
    server.default = ITEMS
    run(f"actions.{action}", body, config_for(server.url, idempotency="off"))
    [request] = server.received
    [item] = request.json
    assert {name: item[name] for name in sent} == sent


def test_a_number_is_a_prefix_and_a_name(server: Recorder) -> None:
    server.default = json_reply({"id": 1})
    run("actions.create_contact_list", {"name": 2026, "contacts": [{"homePhone": NUMBER}]}, config_for(server.url))
    assert server.received[0].json["name"] == "2026"
    server.default = json_reply({"items": []})
    run("actions.find_numbers_local", {"prefix": 213}, config_for(server.url))
    assert ("prefix", "213") in server.received[1].query


@pytest.mark.parametrize("action", ["order_numbers", "add_do_not_contacts"])
def test_numbers_in_a_list_are_sent_as_text(action: str, server: Recorder) -> None:
    run(f"actions.{action}", {"numbers": [12132000384]}, config_for(server.url))
    assert server.received[0].json["numbers"] == [NUMBER]


@pytest.mark.parametrize("field", ["fromNumber", "contactId", "localTimeRestriction"])
def test_an_empty_optional_value_of_a_recipient_is_not_sent(field: str, server: Recorder) -> None:
    server.default = json_reply({"id": 1})
    body = {"name": "b", "recipients": [{"phoneNumber": NUMBER, field: ""}]}
    if field == "localTimeRestriction":
        body = {"name": "b", "recipients": [{"phoneNumber": NUMBER}], field: ""}
    run("actions.create_text_broadcast", body, config_for(server.url))
    sent = server.received[0].json
    assert field not in sent
    assert sent["recipients"] == [{"phoneNumber": NUMBER}]


@pytest.mark.parametrize("field", ["fromNumber", "contactId"])
def test_an_empty_optional_value_of_a_send_is_not_sent(field: str, server: Recorder) -> None:
    server.default = ITEMS
    run("actions.send_texts", send(**{field: ""}), config_for(server.url, idempotency="off"))
    assert field not in server.received[0].json[0]


@pytest.mark.parametrize(
    ("action", "body", "error"),
    [
        ("send_texts", send(mesage="Personal"), "recipients[0].mesage: unknown property. Did you mean message?"),
        (
            "create_contacts",
            {"contacts": [{"firstname": "Ann", "homePhone": NUMBER}]},
            "contacts[0].firstname: unknown property. Did you mean firstName?",
        ),
        (
            "create_text_broadcast",
            {"name": "b", "schedules": [{"timezone": "America/New_York"}]},
            "schedules[0].timezone: unknown property. Did you mean timeZone?",
        ),
        ("find_texts", {"intervalBegin": 1795632275}, "intervalBegin: looks like seconds"),
        ("find_texts", {"fromNumber": "555-0177 Joe"}, "fromNumber: "),
        ("find_texts", {"intervalBegn": 1}, "intervalBegn: unknown property. Did you mean intervalBegin?"),
        ("find_texts", {"x" * 200: 1}, f"{'x' * 60}: unknown property. Allowed: batchId, campaignId, fields, "),
        ("get_account", {"x": 1}, "x: unknown property. Allowed: fields."),
        (
            "create_contacts",
            {"contacts": [{"extraPhone4": NUMBER}]},
            "contacts[0].extraPhone4: unknown property. Did you mean extraPhone3?",
        ),
    ],
    ids=[
        "mesage",
        "firstname",
        "timezone",
        "seconds",
        "note",
        "one candidate",
        "long name",
        "short list",
        "several candidates",
    ],
)
def test_a_mistake_is_named_and_nothing_is_sent(
    action: str, body: dict[str, Any], error: str, server: Recorder
) -> None:
    with pytest.raises(InvalidInput) as caught:
        run(f"actions.{action}", body, config_for(server.url))
    assert str(caught.value).startswith(error)
    assert server.received == []


@pytest.mark.parametrize("given", ["+12145550156", "(214) 555-0156"])
@pytest.mark.parametrize(
    ("action", "field"), [("find_texts", "fromNumber"), ("find_calls", "toNumber"), ("find_contacts", "number")]
)
def test_a_number_filter_has_callfires_notation(action: str, field: str, given: str, server: Recorder) -> None:
    server.default = json_reply({"items": []})
    run(f"actions.{action}", {field: given}, config_for(server.url))
    assert [value for name, value in server.received[0].query if name == field] == ["12145550156"]


@pytest.mark.parametrize(
    "given", [["(214) 555-0156", 12145550157], "(214) 555-0156, 12145550157", "12145550156,12145550157"]
)
def test_a_list_of_numbers_in_a_path_has_callfires_notation(given: Any, server: Recorder) -> None:
    run("actions.delete_do_not_contact", {"number": given}, config_for(server.url))
    assert server.received[0].path == "/contacts/dncs/12145550156%2C12145550157"


@pytest.mark.parametrize("given", [["x"], [False], ["12145550156", "5550156"], [None], []])
def test_a_list_with_an_invalid_number_is_refused(given: Any, server: Recorder) -> None:
    with pytest.raises(InvalidInput, match=r"^number: "):
        run("actions.delete_do_not_contact", {"number": given}, config_for(server.url))
    assert server.received == []


@pytest.mark.parametrize(("content", "content_type"), [("Please sign in", "text/html"), ("", "text/csv")])
def test_a_contact_file_at_a_url_is_checked(content: str, content_type: str, server: Recorder) -> None:
    """A server that requires a login often answers with status 200 and its sign-in page."""
    server.replies.append(Reply(200, content.encode(), {"Content-Type": content_type}))
    with pytest.raises(InvalidInput, match=r"^file: is (a web page|empty)"):
        run("actions.create_contact_list_from_file", {"file": {"url": f"{server.url}/a.csv"}}, config_for(server.url))
    assert [request.method for request in server.received] == ["GET"]
