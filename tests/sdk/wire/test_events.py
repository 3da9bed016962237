"""Converts emitted events to publications, or raises an error of the message."""

import base64
import json
from typing import Any

import pytest
from elasticio import ComponentError, Incoming, Message, MessageError
from elasticio.wire import events
from elasticio.wire.encryption import Encryptor
from elasticio.wire.headers import outgoing
from elasticio.wire.json import from_json
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.wire.amqp import round_trip
from tests.sdk.wire.strategies import any_values, delivered_headers, json_values, nested, text

ENCRYPTOR = Encryptor("password", "0123456789abcdef")
NOW = 1_700_000_000_000
HEADERS = outgoing(Incoming("thread", "message", reply_to="reply"), {"stepId": "s"}, {}, NOW)

json_or_worse = json_values | any_values
payloads = st.fixed_dictionaries(
    {"body": json_or_worse},
    optional={
        "id": json_or_worse,
        "headers": json_or_worse
        | st.dictionaries(st.sampled_from(["x-eio-routing-key", "X-EIO-Routing-Key"]), any_values),
        "attachments": json_or_worse,
        "passthrough": json_or_worse,
        "other": json_or_worse,
    },
)
outside = delivered_headers.map(lambda headers: outgoing(Incoming.read(headers), {"stepId": "s"}, {}, NOW))


def data(message: Any, headers: Any = None, **more: Any) -> Any:
    options = {"routing_key": "data", "protocol_version": 1, "size_limit": 10_000_000, "now": NOW + 1, **more}
    return events.data(events.emitted_message(message), headers or HEADERS, encryptor=ENCRYPTOR, **options)


def assert_carried(publication: Any) -> None:
    key, headers, properties = round_trip(publication)
    assert key == publication.routing_key
    assert headers == publication.headers
    assert properties == {"content_type": "application/json", "content_encoding": "utf8"}


class TestData:
    def test_all_of_it(self) -> None:
        publication = data(Message(body={"a": 1}, id="own", headers={"h": 1}))
        assert publication.routing_key == "data"
        assert publication.headers == {**HEADERS, "messageId": "own", "end": NOW + 1, "protocolVersion": 1}
        assert ENCRYPTOR.decode(publication.body, 1) == {
            "id": "own",
            "attachments": {},
            "body": {"a": 1},
            "headers": {"h": 1},
        }

    def test_the_routing_key_of_the_message(self) -> None:
        publication = data({"body": 1, "headers": {"X-EIO-Routing-Key": "own", "kept": 1}})
        assert publication.routing_key == "own"
        assert ENCRYPTOR.decode(publication.body, 1)["headers"] == {"kept": 1}

    def test_the_emitted_message_is_not_changed(self) -> None:
        headers = {"x-eio-routing-key": "own"}
        payload = {"body": 1, "headers": headers}
        data(payload)
        assert payload == {"body": 1, "headers": {"x-eio-routing-key": "own"}}

    @pytest.mark.parametrize(
        ("message", "told"),
        [
            ({"body": 1, "id": 2**70}, "messageId: a whole number beyond 64 bits"),
            ({"body": 1, "id": "half \ud83d"}, "messageId: half of a surrogate pair"),
            ({"body": 1, "id": "x" * 200_000}, "headers: "),
            ({"body": 1, "id": ["list"]}, "id: must be text"),
            ({"body": 1, "id": True}, "id: must be text"),
            ({"body": 1, "headers": {"x-eio-routing-key": 5}}, "routing key: must be text, not int"),
            ({"body": 1, "headers": {"x-eio-routing-key": {"a": 1}}}, "routing key: must be text, not dict"),
            ({"body": 1, "headers": {"x-eio-routing-key": "k" * 300}}, "routing key: 300 bytes"),
            ({"body": object()}, "body is of type object"),
            ({"body": nested(20_000)}, "nested"),
        ],
    )
    def test_the_error_names_the_invalid_part(self, message: Any, told: str) -> None:
        with pytest.raises(MessageError) as caught:
            data(message)
        assert told in str(caught.value)

    def test_the_size_limit(self) -> None:
        size = len(data({"body": "x"}).body)
        assert data({"body": "x"}, size_limit=size)
        with pytest.raises(MessageError, match=rf"^Outgoing message size {size} exceeds limit of {size - 1}\.$"):
            data({"body": "x"}, size_limit=size - 1)

    @pytest.mark.parametrize("payload", [None, 5, "text", {"no": "body"}, [{"body": 1}], object()])
    def test_a_value_that_is_not_a_message(self, payload: Any) -> None:
        with pytest.raises(ComponentError, match=r"must emit an elasticio\.Message or a dict with body"):
            events.emitted_message(payload)

    @given(payloads | any_values, outside)
    def test_anything_is_carried_or_refused(self, payload: Any, headers: Any) -> None:
        try:
            publication = data(payload, headers)
        except (MessageError, ComponentError):
            return
        assert_carried(publication)


class TestHttpReply:
    @staticmethod
    def reply(payload: Any, reply_to: str | None = "reply", headers: Any = None) -> Any:
        return events.http_reply(payload, headers or HEADERS, reply_to=reply_to, encryptor=ENCRYPTOR, size_limit=10**7)

    def test_all_of_it(self) -> None:
        publication = self.reply({"statusCode": 201, "headers": {"x-eio-routing-key": "no", "a": "b"}, "body": "x"})
        assert publication.routing_key == "reply"
        assert publication.headers == {**HEADERS, "protocolVersion": 1}
        assert ENCRYPTOR.decode(publication.body, 1) == {"statusCode": 201, "headers": {"a": "b"}, "body": "x"}

    @pytest.mark.parametrize("odd", [5, {"a": "table"}, ["list"], None, ""])
    def test_an_invalid_reply_to_counts_as_missing(self, odd: Any) -> None:
        reply_to = Incoming.read({"reply_to": odd}).reply_to
        with pytest.raises(MessageError, match="'reply_to' was not found"):
            self.reply({"statusCode": 200}, reply_to)

    def test_a_long_reply_to(self) -> None:
        with pytest.raises(MessageError, match="routing key: 300 bytes"):
            self.reply({"statusCode": 200}, Incoming.read({"reply_to": "r" * 300}).reply_to)

    @pytest.mark.parametrize("payload", [None, "text", [1], {"headers": "abc"}, {"headers": [1]}])
    def test_a_value_that_is_not_a_reply(self, payload: Any) -> None:
        with pytest.raises(MessageError, match="httpReply: must be an object"):
            self.reply(payload)

    @given(any_values | payloads, outside, text | st.none())
    def test_anything_is_carried_or_refused(self, payload: Any, headers: Any, reply_to: str | None) -> None:
        try:
            publication = self.reply(payload, reply_to, headers)
        except MessageError:
            return
        assert_carried(publication)


class TestError:
    DESCRIPTION = {"name": "E", "message": "m", "stack": "s"}  # noqa: RUF012

    @staticmethod
    def error(description: Any, headers: Any = None, error_input: str | None = "input") -> Any:
        return events.error(description, error_input, headers or HEADERS, routing_key="error", encryptor=ENCRYPTOR)

    def test_all_of_it(self) -> None:
        publication = self.error(self.DESCRIPTION)
        payload = json.loads(publication.body)
        assert (publication.routing_key, publication.headers) == ("error", HEADERS)
        assert ENCRYPTOR.decode(payload["error"].encode(), 1) == self.DESCRIPTION
        assert payload["errorInput"] == "input"

    def test_without_input(self) -> None:
        assert json.loads(self.error(self.DESCRIPTION, error_input=None).body).keys() == {"error"}

    @given(delivered_headers)
    def test_an_error_is_published_for_any_input(self, delivered: Any) -> None:
        headers = outgoing(Incoming.read(delivered), {"stepId": "s"}, {}, NOW)
        publication = self.error(self.DESCRIPTION, headers)
        assert_carried(publication)
        assert publication.headers.items() >= {"stepId": "s", "messageId": headers["messageId"]}.items()

    @pytest.mark.parametrize(
        "odd", [{"x-eio-meta-a": nested(200)}, {"x-eio-meta-a": "x" * 131_000}, {"x-eio-meta-" + "é" * 128: 1}]
    )
    def test_headers_that_amqp_cannot_carry_are_left_out(self, odd: Any) -> None:
        headers = outgoing(Incoming.read({"messageId": "m", "threadId": "t", **odd}), {"stepId": "s"}, {}, NOW)
        with pytest.raises(MessageError):
            data({"body": 1}, headers)
        publication = self.error(self.DESCRIPTION, headers)
        assert publication.headers.items() >= {"stepId": "s", "parentMessageId": "m", "threadId": "t"}.items()
        assert_carried(publication)

    def test_the_reply(self) -> None:
        publication = events.error_reply(self.DESCRIPTION, HEADERS, reply_to="reply", encryptor=ENCRYPTOR)
        assert publication.routing_key == "reply"
        assert publication.headers == {**HEADERS, "x-eio-error-response": True}
        assert ENCRYPTOR.decode(publication.body, 1) == self.DESCRIPTION

    @given(st.binary(), st.sampled_from([1, 2]), st.booleans())
    def test_the_input_of_an_error_is_text(self, body: bytes, version: int, is_error: bool) -> None:
        text = events.error_input(body, version, is_error)
        text.encode()
        if version == 2 and not is_error:
            assert base64.b64decode(text) == body


class TestSnapshots:
    def test_a_snapshot(self) -> None:
        publication = events.snapshot([1], HEADERS, routing_key="snapshot")
        assert from_json(publication.body) == [1]
        assert publication.headers == {**HEADERS, "snapshotEvent": "snapshot"}

    def test_an_update(self) -> None:
        publication = events.update_snapshot({"a": 1}, HEADERS, routing_key="snapshot")
        assert from_json(publication.body) == {"a": 1}
        assert publication.headers == {**HEADERS, "snapshotEvent": "updateSnapshot"}

    @pytest.mark.parametrize("update", [None, [1], "text", {"$set": 1}])
    def test_an_invalid_update(self, update: Any) -> None:
        with pytest.raises(MessageError, match="updateSnapshot: "):
            events.update_snapshot(update, HEADERS, routing_key="snapshot")

    @given(json_or_worse, outside)
    def test_anything_is_carried_or_refused(self, value: Any, headers: Any) -> None:
        for make in (events.snapshot, events.update_snapshot):
            try:
                publication = make(value, headers, routing_key="snapshot")
            except MessageError:
                continue
            assert_carried(publication)
