"""The input rule in requests: values of mappings are converted without loss, or refused."""

from typing import Any

import pytest

from lib.callfire.api.errors import InvalidInput
from tests.lib.recording import Recorder
from tests.lib.steps import config_for, run

NUMBER = {"phoneNumber": "12132000384"}


def sent(action: str, body: Any, server: Recorder) -> tuple[dict[str, str], Any]:
    """Return query and body of the one request that an action sends for an input."""
    run(f"actions.{action}", body, config_for(server.url))
    (request,) = server.received
    return dict(request.query), request.json if request.body else None


def refused(action: str, body: Any, server: Recorder) -> str:
    with pytest.raises(InvalidInput) as caught:
        run(f"actions.{action}", body, config_for(server.url))
    assert server.received == []
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "wire"),
    [
        ({"campaignId": "2"}, {"campaignId": "2"}),
        ({"campaignId": 0}, {"campaignId": "0"}),
        ({"campaignId": 2.0}, {"campaignId": "2"}),
        ({"campaignId": "9223372036854775807"}, {"campaignId": "9223372036854775807"}),
        ({"campaignId": None}, {}),
        ({"campaignId": ""}, {}),
        ({"inbound": False}, {"inbound": "false"}),
        ({"inbound": "TRUE"}, {"inbound": "true"}),
        ({"states": ["READY", "FINISHED"]}, {"states": "READY,FINISHED"}),
        ({"states": "READY,FINISHED"}, {"states": "READY,FINISHED"}),
        ({"fields": ["items(id)", "limit"]}, {"fields": "items(id),limit"}),
        ({"intervalBegin": "2016-09-13T15:50:17Z"}, {"intervalBegin": "1473781817000"}),
        ({"intervalBegin": "2016-09-13T15:50:17.250+00:00"}, {"intervalBegin": "1473781817250"}),
        ({"intervalBegin": "2016-09-13T17:50:17+02:00"}, {"intervalBegin": "1473781817000"}),
        ({"intervalBegin": "2016-09-13 15:50:17"}, {"intervalBegin": "1473781817000"}),
        ({"intervalBegin": "1969-12-31T23:59:59.500Z"}, {"intervalBegin": "-500"}),
        ({"intervalBegin": 1473781817000}, {"intervalBegin": "1473781817000"}),
        ({"label": "a b+c&d=e"}, {"label": "a b+c&d=e"}),
        ({"label": "日本語 👋"}, {"label": "日本語 👋"}),
        ({"label": 5}, {"label": "5"}),
        ({"label": True}, {"label": "true"}),
        ({"label": 2026.0}, {"label": "2026"}),
        ({"campaignId": "2.0"}, {"campaignId": "2"}),
        ({"campaignId": " 2 "}, {"campaignId": "2"}),
        ({"inbound": "on"}, {"inbound": "true"}),
        ({"inbound": "OFF"}, {"inbound": "false"}),
        ({"inbound": "", "intervalBegin": "", "label": "", "states": ""}, {}),
        ({"states": []}, {}),
        ({"states": ["", "READY", ""]}, {"states": "READY"}),
        ({"intervalBegin": 0}, {"intervalBegin": "0"}),
        ({"intervalBegin": 10**11}, {"intervalBegin": "100000000000"}),
        ({"fromNumber": "+12145550156"}, {"fromNumber": "12145550156"}),
        ({"fromNumber": "(214) 555-0156"}, {"fromNumber": "12145550156"}),
        ({"toNumber": 12145550156}, {"toNumber": "12145550156"}),
        ({"toNumber": "67076"}, {"toNumber": "67076"}),
    ],
)
def test_values_in_the_query(given: dict[str, Any], wire: dict[str, str], server: Recorder) -> None:
    query, _ = sent("find_texts", {"limit": 1, **given}, server)
    del query["limit"]
    assert query == wire


def test_lists_are_repeated(server: Recorder) -> None:
    run("actions.find_texts", {"id": ["1", 2], "limit": 1}, config_for(server.url))
    run("actions.find_orders", {"status": ["NEW", "VOID"], "limit": 1}, config_for(server.url))
    texts, orders = server.received
    assert [pair for pair in texts.query if pair[0] == "id"] == [("id", "1"), ("id", "2")]
    assert [pair for pair in orders.query if pair[0] == "status"] == [("status", "NEW"), ("status", "VOID")]


@pytest.mark.parametrize(
    ("given", "wire"),
    [
        ({"name": ""}, {"name": ""}),
        ({"name": None, "maxActive": None}, {}),
        ({"maxActive": "5", "resumeNextDay": "false"}, {"maxActive": 5, "resumeNextDay": False}),
        ({"labels": "one"}, {"labels": ["one"]}),
        ({"labels": []}, {"labels": []}),
        ({"labels": " one, two,,three "}, {"labels": ["one", "two", "three"]}),
        ({"labels": ["one, two"]}, {"labels": ["one, two"]}),
        ({"labels": " , "}, {"labels": [" , "]}),
        ({"recipients": NUMBER | {"message": "a, b"}}, {"recipients": [NUMBER | {"message": "a, b"}]}),
        ({"recipients": NUMBER}, {"recipients": [NUMBER]}),
        ({"recipients": [{"contactId": "7", "message": None}]}, {"recipients": [{"contactId": 7}]}),
        (
            {"recipients": [NUMBER | {"attributes": {"a": 1, "b": 1.5, "c": "x", "d": None, "e": 2**60}}]},
            {"recipients": [NUMBER | {"attributes": {"a": "1", "b": "1.5", "c": "x", "e": str(2**60)}}]},
        ),
        (
            {"recipients": [NUMBER | {"attributes": {"a": True}}]},
            {"recipients": [NUMBER | {"attributes": {"a": "true"}}]},
        ),
        (
            {"recipients": [NUMBER | {"contactId": "", "fromNumber": "", "message": ""}], "localTimeRestriction": ""},
            {"recipients": [NUMBER | {"message": ""}]},
        ),
        ({"schedules": [{"id": 3, "campaignId": "x"}]}, {"schedules": [{"id": 3, "campaignId": "x"}]}),
        ({"id": 5, "status": "SETUP"}, {"id": 5, "status": "SETUP"}),
        ({"message": "👋 \x00 \ud800"}, {"message": "👋 \x00 \ud800"}),
    ],
)
def test_values_in_the_body(given: dict[str, Any], wire: Any, server: Recorder) -> None:
    assert sent("create_text_broadcast", given, server) == ({}, wire)


@pytest.mark.parametrize(
    ("action", "given", "error"),
    [
        ("find_texts", {"campaignId": "two"}, "campaignId: must be a whole number"),
        ("find_texts", {"campaignId": True}, "campaignId: must be a whole number"),
        ("find_texts", {"campaignId": 1.5}, "campaignId: must be a whole number"),
        ("find_texts", {"campaignId": 2**63}, "campaignId: the number is out of CallFire's range (64 bits)"),
        ("find_texts", {"campaignId": 1e18}, "campaignId: must be a whole number"),
        ("find_texts", {"label": 1.5}, "label: must be a text"),
        ("find_texts", {"label": "\ud800"}, "label: must be valid Unicode"),
        ("find_texts", {"intervalBegin": 1795632275}, "intervalBegin: looks like seconds"),
        ("find_texts", {"intervalBegin": "1795632275"}, "intervalBegin: looks like seconds"),
        ("find_texts", {"intervalEnd": 1}, "intervalEnd: looks like seconds"),
        ("find_texts", {"intervalEnd": 10**11 - 1}, "intervalEnd: looks like seconds"),
        ("find_texts", {"fromNumber": "555-0156"}, "fromNumber: the number lacks its area code."),
        ("find_texts", {"toNumber": "call me"}, "toNumber: the number is not a phone number."),
        ("find_contacts", {"number": ["12145550156", "x"]}, "number[1]: the number is not a phone number."),
        ("remove_contact_list_items", {"id": 1, "contactId": []}, "contactId: must have at least 1 item."),
        ("remove_contact_list_items", {"id": 1, "contactId": [""]}, "contactId[0]: must be a whole number."),
        ("post_tts_campaign_sound", {"message": "  "}, "message: must not be blank."),
        ("post_tts_campaign_sound", {"message": ""}, "message: must not be blank."),
        (
            "create_contacts",
            {"contacts": {"firstname": "Ann"}},
            "contacts[0].firstname: unknown property. Did you mean firstName?",
        ),
        ("create_text_broadcast", {"schedules": [{"timezone": "UTC"}]}, "Did you mean timeZone?"),
        (
            "send_texts",
            {"recipients": [NUMBER | {"mesage": "x"}]},
            "recipients[0].mesage: unknown property. Did you mean message?",
        ),
        ("create_text_broadcast", {"maxActive": 1e18}, "maxActive: must be a whole number"),
        ("find_texts", {"inbound": 1}, "inbound: must be true or false"),
        ("find_texts", {"states": ["READY", None]}, "states: must be a text"),
        ("find_texts", {"limit": 0}, "limit: must be at least 1"),
        ("find_texts", {"intervalBegin": "yesterday"}, "intervalBegin: must be a time: Unix milliseconds, or ISO 8601"),
        ("find_texts", [], "The body of the message must be an object"),
        ("find_texts", "text", "The body of the message must be an object"),
        ("send_texts", {"recipients": []}, "recipients: must have at least 1 item"),
        ("send_texts", {"recipients": [None]}, "recipients[0]: must be an object"),
        (
            "send_texts",
            {"recipients": [NUMBER, {"message": "x"}]},
            "recipients[1]: phoneNumber or contactId is required.",
        ),
        (
            "send_texts",
            {"recipients": [NUMBER | {"attributes": {"a": []}}]},
            "recipients[0].attributes.a: must be a text",
        ),
        ("send_calls", {"recipients": []}, "recipients: must have at least 1 item"),
        (
            "send_calls",
            {"recipients": [NUMBER | {"voice": "ROBOT"}]},
            "recipients[0].voice: must be one of MALE1, FEMALE1,",
        ),
        (
            "create_text_broadcast",
            {"schedules": [{"startDate": {"month": 13}}]},
            "schedules[0].startDate.month: must be at most 12",
        ),
        (
            "create_text_broadcast",
            {"localTimeRestriction": {"beginHour": float("nan")}},
            "localTimeRestriction.beginHour: must be a whole number",
        ),
        (
            "create_text_broadcast",
            {"schedules": [{"id": float("inf")}]},
            "schedules[0].id: the number is out",
        ),
        (
            "send_texts",
            {"recipients": NUMBER, "defaultMesage": "x"},
            "defaultMesage: unknown property. Did you mean defaultMessage?",
        ),
        ("find_texts", {"CAMPAIGNID": 1}, "Did you mean campaignId?"),
        ("get_conversation", {"phoneNumber": "1"}, "Did you mean ownNumber or number?"),
        ("get_billing_plan_usage", {"x": 1}, "x: unknown property. No properties are allowed here."),
    ],
)
def test_invalid_values_are_refused(action: str, given: Any, error: str, server: Recorder) -> None:
    assert error in refused(action, given, server)


def test_a_refusal_never_shows_the_value(server: Recorder) -> None:
    secret = "12132000384 meet me at noon"
    for body in ({"campaignId": secret}, {"recipients": [{"contactId": secret, "message": secret}]}):
        text = refused("send_texts", {"recipients": [NUMBER], **body}, server)
        assert "noon" not in text
        assert "2000384" not in text


def test_a_refusal_never_shows_a_number_used_as_a_name(server: Recorder) -> None:
    attributes: dict[str, Any] = {"12132000384": []}
    for body in ({"12132000384": 1}, {"recipients": [NUMBER | {"attributes": attributes}]}):
        assert "2132000384" not in refused("send_texts", body, server)


def test_an_empty_body_is_an_object(server: Recorder) -> None:
    assert sent("create_text_broadcast", None, server) == ({}, {})


def test_the_message_is_not_changed(server: Recorder) -> None:
    recipient = {"phoneNumber": "12132000384", "attributes": {"a": 1}, "fromNumber": None, "message": "Hi"}
    body = {"recipients": dict(recipient)}
    sent("send_texts", body, server)
    assert body == {"recipients": recipient}


def test_each_item_of_a_list_is_checked_and_the_wrong_one_named(server: Recorder) -> None:
    wrong = {**NUMBER, "media": [{"name": "a"}, {"name": ["b"]}]}
    assert refused("send_texts", {"recipients": [NUMBER, wrong, NUMBER]}, server) == (
        "recipients[1].media[1].name: must be a text."
    )
    assert refused("send_texts", {"recipients": [NUMBER, NUMBER, {**NUMBER, "message": [5]}]}, server) == (
        "recipients[2].message: must be a text."
    )
    sent("send_texts", {"recipients": [NUMBER, {"contactId": "5", "media": [{"name": "b"}]}]}, server)


def test_the_form_can_pass_unknown_properties(server: Recorder) -> None:
    config = config_for(server.url, passUnknownProperties="on")
    body = {"message": "Hi", "novelty": {"a": 5}, "recipients": [NUMBER | {"flag": True}], "maxActive": "5"}
    run("actions.create_text_broadcast", body, config)
    run("actions.find_texts", {"novelty": [1, "b"], "limit": 1}, config)
    created, found = server.received
    assert created.json == {**body, "maxActive": 5}
    assert [pair for pair in found.query if pair[0] == "novelty"] == [("novelty", "1"), ("novelty", "b")]
    with pytest.raises(InvalidInput, match=r"^novelty: must be a plain value"):
        run("actions.find_texts", {"novelty": {}}, config)
    with pytest.raises(InvalidInput, match=r"^novelty\.a: the number is out"):
        run("actions.create_text_broadcast", {"novelty": {"a": 2**64}}, config)
