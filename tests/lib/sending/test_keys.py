"""Idempotency keys: CallFire stores them with each text, call and recipient."""

import importlib
from typing import Any

import pytest
from elasticio.wire.incoming import Incoming

from lib.callfire.api.errors import InvalidInput
from lib.callfire.sending import idempotency_key
from tests.lib.recording import Recorder, json_reply
from tests.lib.steps import FakeStep, bodies, config_for, run

SENDS = ("send_texts", "send_calls", "add_text_broadcast_recipients", "add_call_broadcast_recipients")
NUMBER = "12132000384"


def offered(action: str) -> dict[str, Any]:
    """Return the properties of a recipient in the designer."""
    operation = importlib.import_module(f"lib.actions.{action}").operation
    properties: dict[str, Any] = operation.get_meta_model({})["in"]["properties"]["recipients"]["items"]["properties"]
    return properties


def test_the_key_of_a_message_is_that_of_earlier_versions() -> None:
    """Otherwise a message that is redelivered after an update of the connector would be sent again."""
    step: Any = FakeStep(flow_id="flow", step_id="step", incoming=Incoming(thread_id="thread", message_id="message"))
    body = {"recipients": [{"phoneNumber": "12132000384", "attributes": {"b": "日本 €", "a": None}}], "campaignId": 1.5}
    assert idempotency_key.key_of_message(step, body, None) == "awhbp2ep3gs3qfz24iy3nlqygp"


def test_the_key_depends_on_everything_that_identifies_a_message() -> None:
    def key(body: object = 1, *, flow: str = "flow", step: str = "step", message: str | None = "message") -> str:
        incoming = Incoming(thread_id="thread", message_id=message)
        fake: Any = FakeStep(flow_id=flow, step_id=step, incoming=incoming)
        return idempotency_key.key_of_message(fake, body, None)

    assert key({"a": 1, "b": 2}) == key({"b": 2, "a": 1})
    assert len({key(), key(2), key(flow="x"), key(step="x"), key(message="x"), key(message=None)}) == 6


@pytest.mark.parametrize("action", SENDS)
def test_the_designer_offers_a_key_for_each_recipient(action: str) -> None:
    key = offered(action)["idempotencyKey"]
    assert (key["type"], key["maxLength"], key["title"]) == ("string", 100, "Idempotency Key")


@pytest.mark.parametrize("action", ["create_text_broadcast", "create_call_broadcast"])
def test_the_designer_offers_no_key_that_callfire_would_receive(action: str) -> None:
    assert "phoneNumber" in offered(action)
    assert "idempotencyKey" not in offered(action)


@pytest.mark.parametrize(
    ("given", "key"), [("order 17", "order 17"), (17, "17"), ("", "with ''-0"), (None, "with None-0")]
)
def test_the_key_of_a_recipient_is_sent_only_as_an_attribute(given: Any, key: str, server: Recorder) -> None:
    server.default = json_reply({"items": [{"id": 1}]})
    recipient = {"phoneNumber": NUMBER, "idempotencyKey": given}
    message = {"idempotencyKey": f"with {given!r}", "recipients": [recipient], "defaultMessage": "Your table is ready"}
    (body,) = bodies("actions.send_texts", message, config_for(server.url))
    assert body["results"][0]["key"] == key
    assert server.received[0].json == [{"phoneNumber": NUMBER, "attributes": {"connectorKey": key}}]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [("x" * 101, r"must have at most 100 characters\."), (1.5, r"must be a text\."), ({}, r"must be a text\.")],
)
def test_an_invalid_key_is_an_error(given: Any, complaint: str, server: Recorder) -> None:
    recipients = [{"phoneNumber": NUMBER}, {"phoneNumber": NUMBER, "idempotencyKey": given}]
    with pytest.raises(InvalidInput, match=rf"^recipients\[1\]\.idempotencyKey: {complaint}$"):
        run("actions.send_texts", {"recipients": recipients}, config_for(server.url))
    assert server.received == []
