"""A message may have the properties of one recipient itself, instead of a list of recipients."""

import importlib
from typing import Any

import pytest

from lib.callfire.api.errors import InvalidInput
from lib.callfire.operation import selects
from lib.callfire.sending.single_recipient import is_direct, with_list
from tests.lib.recording import Recorder, json_reply
from tests.lib.sending.conftest import NUMBER, OTHER, World
from tests.lib.steps import FakeStep, bodies, config_for, run

SENDS = ("send_texts", "send_calls", "add_text_broadcast_recipients", "add_call_broadcast_recipients")
PLAIN = {"idempotency": "off"}


def sent(action: str, body: dict[str, Any], server: Recorder, **form: Any) -> Any:
    """Return the body of the request for a message."""
    count = len(body.get("recipients") or [1])
    server.default = json_reply({"items": [{"id": number, "state": "READY"} for number in range(count)]})
    run(f"actions.{action}", body, config_for(server.url, **{**PLAIN, **form}))
    (request,) = server.received
    return request.json


def refused(action: str, body: dict[str, Any], server: Recorder, **form: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        run(f"actions.{action}", body, config_for(server.url, **form))
    assert server.received == []
    return str(caught.value)


def test_one_text_is_sent_to_one_recipient(server: Recorder) -> None:
    body = {"phoneNumber": "(213) 200-0384", "message": "Hi", "attributes": {"order": 17}, "media": [{"id": "7"}]}
    assert sent("send_texts", body, server) == [
        {"phoneNumber": NUMBER, "message": "Hi", "attributes": {"order": "17"}, "media": [{"id": 7}]}
    ]


def test_one_call_is_made_to_one_recipient(server: Recorder) -> None:
    body = {"contactId": "9", "liveMessage": "Hi", "fromNumber": OTHER, "recipients": None}
    assert sent("send_calls", body, server) == [{"contactId": 9, "liveMessage": "Hi", "fromNumber": OTHER}]


@pytest.mark.parametrize("action", SENDS)
def test_every_send_accepts_one_recipient(action: str, server: Recorder) -> None:
    body = {"id": 3} if "broadcast" in action else {"defaultMessage": "Hi"}
    body = {"defaultLiveMessage": "Hi"} if action == "send_calls" else body
    assert sent(action, {**body, "phoneNumber": NUMBER}, server) == [{"phoneNumber": NUMBER}]


def test_the_settings_of_the_message_apply(world: World) -> None:
    body = {"phoneNumber": NUMBER, "defaultMessage": "Hi", "idempotencyKey": "order-1"}
    for _ in range(2):
        (result,) = bodies("actions.send_texts", body, world.config(lookFirst="always"), step=FakeStep())
        assert result["results"][0]["phoneNumber"] == NUMBER
        assert result["items"][0]["message"] == "Hi"
    assert world.texts() == 1


@pytest.mark.parametrize(("name", "value"), [("phoneNumber", NUMBER), ("message", "Hi"), ("fromNumber", OTHER)])
def test_a_recipient_and_a_list_are_refused(name: str, value: str, server: Recorder) -> None:
    body = {"recipients": [{"phoneNumber": NUMBER}], name: value}
    assert refused("send_texts", body, server) == (
        f"{name}: belongs to a single recipient, but recipients is given, too. Map either recipients, or the "
        "properties of one recipient."
    )


def test_a_list_with_empty_properties_of_a_recipient_is_accepted(server: Recorder) -> None:
    body = {"recipients": [{"phoneNumber": NUMBER, "message": "Hi"}], "phoneNumber": "", "message": None}
    assert sent("send_texts", body, server) == [{"phoneNumber": NUMBER, "message": "Hi"}]


def test_neither_a_recipient_nor_a_list_is_refused(server: Recorder) -> None:
    assert refused("send_texts", {"defaultMessage": "Hi"}, server) == (
        "recipients: is required. Map recipients, or phoneNumber for a single recipient."
    )


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"message": "Hi"}, "phoneNumber or contactId is required."),
        ({"phoneNumber": NUMBER, "contactId": "x"}, "contactId: must be a whole number."),
        ({"phoneNumber": NUMBER, "mesage": "Hi"}, "mesage: unknown property. Did you mean message?"),
        ({"phoneNumber": NUMBER, "media": [{"name": ["b"]}]}, "media[0].name: must be a text."),
    ],
)
def test_an_error_names_the_property_of_the_message(body: dict[str, Any], error: str, server: Recorder) -> None:
    assert refused("send_texts", body, server) == error


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"phoneNumber": "12", "message": "Hi"}, "phoneNumber: is too short"),
        ({"phoneNumber": NUMBER}, "message: is required"),
        ({"phoneNumber": NUMBER, "message": "x" * 200}, "message: has 2 segments"),
    ],
)
def test_the_error_of_the_recipient_names_the_property_of_the_message(
    body: dict[str, Any], error: str, server: Recorder
) -> None:
    assert refused("send_texts", body, server, maxSegments="1").startswith(error)


@pytest.mark.parametrize("action", SENDS)
def test_the_designer_offers_the_recipient_before_the_list(action: str) -> None:
    properties = importlib.import_module(f"lib.actions.{action}").get_meta_model({})["in"]["properties"]
    names = list(properties)
    assert names.index("phoneNumber") < names.index("recipients")
    assert not [name for name in names if properties[name].get("required")]
    assert properties["phoneNumber"]["description"].endswith("For several recipients, map Recipients instead.")
    assert properties["contactId"]["description"].endswith("Replaces the phone number.")
    assert names.index("contactId") == names.index("recipients") - 1
    assert properties["recipients"]["items"]["properties"].keys() - properties.keys() == set()


def test_the_sender_of_the_form_is_the_default(server: Recorder) -> None:
    recipients = [{"phoneNumber": NUMBER}, {"phoneNumber": OTHER, "fromNumber": "67076"}]
    body = {"recipients": recipients, "defaultMessage": "Hi"}
    assert sent("send_texts", body, server, fromNumber="12132000381") == [
        {"fromNumber": "12132000381", "phoneNumber": NUMBER},
        {"fromNumber": "67076", "phoneNumber": OTHER},
    ]


def test_the_caller_id_of_the_form_is_the_default(server: Recorder) -> None:
    body = {"phoneNumber": NUMBER, "liveMessage": "Hi"}
    assert sent("send_calls", body, server, fromNumber="12132000381") == [
        {"fromNumber": "12132000381", "phoneNumber": NUMBER, "liveMessage": "Hi"}
    ]


def test_the_forms_list_numbers_of_the_account() -> None:
    texts, calls = (importlib.import_module(f"lib.actions.{name}") for name in ("send_texts", "send_calls"))
    assert texts.operation.selects["fromNumber"] is texts.leased_numbers is selects.leased_numbers
    assert calls.operation.selects["fromNumber"] is calls.caller_ids is selects.caller_ids


def test_the_body_of_the_message_is_not_changed() -> None:
    own, others = {"phoneNumber", "message"}, {"recipients", "strictValidation"}
    body = {"phoneNumber": NUMBER, "strictValidation": True}
    assert with_list(body, own, others) == {"strictValidation": True, "recipients": [{"phoneNumber": NUMBER}]}
    assert body == {"phoneNumber": NUMBER, "strictValidation": True}
    assert is_direct(body)
    assert not is_direct({"recipients": []})
    assert with_list(["no object"], own, others) == ["no object"]
