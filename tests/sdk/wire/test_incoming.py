"""Incoming messages: metadata and content of valid and invalid deliveries."""

import base64
import json
import uuid
from typing import Any

import pytest
from elasticio import Incoming, MessageError
from elasticio.wire.encryption import Encryptor
from elasticio.wire.incoming import decode, protocol_version
from elasticio.wire.json import to_json
from elasticio.wire.text import LIMIT
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.wire.strategies import delivered_headers, delivered_values, json_values, nested

ENCRYPTOR = Encryptor("password", "0123456789abcdef")
HASH = 64  # characters


def is_uuid(text: str) -> bool:
    return str(uuid.UUID(text)) == text


@pytest.mark.parametrize("value", ["2", None, True, [2]])
def test_an_invalid_count_counts_as_zero(value: object) -> None:
    incoming = Incoming.read({"threadId": "t", "reboundIteration": value, "start": value})
    assert (incoming.rebounds, incoming.started) == (0, None)


def test_all_headers_of_a_delivery_are_read() -> None:
    headers = {
        "threadId": "thread",
        "messageId": "message",
        "parentMessageId": "parent",
        "stepId": "step_1",
        "reply_to": "queue",
        "X-EIO-Meta-Lowercase": 1,
        "x-eio-meta-trace-id": "trace",
        "x-eio-other": "not kept",
        "userId": "not kept",
        "reboundIteration": 2,
        "start": 1700000000000,
        "end": 1700000000001,
    }
    assert Incoming.read(headers, redelivered=True) == Incoming(
        thread_id="thread",
        message_id="message",
        parent_message_id="parent",
        step_id="step_1",
        reply_to="queue",
        redelivered=True,
        rebounds=2,
        started=1700000000000,
        published=1700000000001,
        meta={"x-eio-meta-lowercase": 1, "x-eio-meta-trace-id": "trace"},
    )


def test_a_delivery_without_headers_has_defaults() -> None:
    incoming = Incoming.read({})
    assert is_uuid(incoming.thread_id)
    assert incoming == Incoming(thread_id=incoming.thread_id)
    assert incoming.thread_id != Incoming.read({}).thread_id


@pytest.mark.parametrize("told", [{"X-EIO-META-TRACE-ID": "trace"}, {"threadId": "", "x-eio-meta-trace-id": "trace"}])
def test_the_trace_id_replaces_a_missing_thread_id(told: dict[str, Any]) -> None:
    assert Incoming.read(told).thread_id == "trace"


def test_an_empty_reply_to_counts_as_missing() -> None:
    assert Incoming.read({"reply_to": ""}).reply_to is None


@given(delivered_headers)
def test_any_headers_give_values_of_the_right_types(headers: dict[Any, Any]) -> None:
    incoming = Incoming.read(headers)
    assert isinstance(incoming.thread_id, str)
    for text in (incoming.message_id, incoming.parent_message_id, incoming.step_id, incoming.reply_to):
        assert text is None or (isinstance(text, str) and len(text) <= LIMIT + HASH)
    assert incoming.rebounds >= 0
    assert all(isinstance(name, str) for name in incoming.meta)
    json.dumps(incoming.identifiers)


@pytest.mark.parametrize("odd", [None, [], ["m"], {}, {"a": 1}, True, b"\xff", 5, "", "x" * 5000, 2**62])
@pytest.mark.parametrize("name", ["messageId", "threadId", "parentMessageId", "stepId", "reply_to"])
def test_an_odd_identifier_is_text_or_none(name: str, odd: Any) -> None:
    facts = Incoming.read({name: odd})
    for text in (facts.thread_id, facts.message_id, facts.parent_message_id, facts.step_id, facts.reply_to):
        assert text is None or isinstance(text, str)


def test_a_number_as_identifier_is_its_text() -> None:
    assert Incoming.read({"messageId": 7}).message_id == "7"


def test_two_long_identifiers_stay_different() -> None:
    first, second = (Incoming.read({"messageId": "x" * 5000 + end}).message_id for end in "ab")
    assert first
    assert second
    assert first != second
    assert len(first) == LIMIT + HASH


@pytest.mark.parametrize("iteration", [-5, -(2**63)])
def test_rebounds_are_not_negative(iteration: int) -> None:
    assert Incoming.read({"reboundIteration": iteration}).rebounds == 0


@pytest.mark.parametrize(
    ("told", "version"),
    [
        (None, 1),
        ("", 1),
        (0, 1),
        (1, 1),
        ("1", 1),
        (2, 2),
        ("2", 2),
        ("two", float("inf")),
        ([], 1),
        ([2], float("inf")),
        ({"a": 1}, float("inf")),
        (10**400, float("inf")),
    ],
)
def test_the_protocol_version(told: Any, version: float) -> None:
    assert protocol_version({"protocolVersion": told}) == version


def sent(message: Any, version: int = 1) -> bytes:
    return ENCRYPTOR.encode(message, version)


class TestDecode:
    def test_the_message_is_a_new_dict(self) -> None:
        message = decode(sent({"id": "m", "body": [1], "headers": {"a": 1}}), {"reply_to": "r"}, ENCRYPTOR)
        assert message == {"id": "m", "body": [1], "headers": {"a": 1, "reply_to": "r"}}

    @pytest.mark.parametrize("headers", [None, {}, [], "", 0, False])
    def test_without_headers_they_are_empty(self, headers: Any) -> None:
        assert decode(sent({"headers": headers}), {}, ENCRYPTOR)["headers"] == {}
        assert decode(sent({"headers": headers}), {"reply_to": "r"}, ENCRYPTOR)["headers"] == {"reply_to": "r"}

    @pytest.mark.parametrize("odd", ["abc", [1], 5, True])
    def test_headers_of_any_type_are_kept_as_in_node(self, odd: Any) -> None:
        assert decode(sent({"headers": odd}), {"reply_to": "r"}, ENCRYPTOR)["headers"] == odd

    @pytest.mark.parametrize("odd", [5, {"a": "table"}, ["list"], True, b"\xff"])
    def test_an_invalid_reply_to_is_not_in_the_message(self, odd: Any) -> None:
        assert decode(sent({}), {"reply_to": odd}, ENCRYPTOR)["headers"] == {}

    def test_a_delivery_without_a_headers_table(self) -> None:
        with pytest.raises(MessageError, match="no AMQP headers"):
            decode(sent({}), None, ENCRYPTOR)

    @given(st.binary() | json_values.map(repr).map(lambda text: text.encode(errors="replace")), delivered_headers)
    def test_any_payload_decodes_or_is_refused(self, payload: bytes, headers: Any) -> None:
        for input_format in ("default", "error"):
            try:
                message = decode(payload, headers, ENCRYPTOR, input_format)
            except MessageError:
                continue
            assert isinstance(message, dict)

    @given(st.dictionaries(st.sampled_from(["body", "headers", "id", "passthrough"]) | st.text(), json_values))
    def test_json_of_any_shape_decodes(self, value: Any) -> None:
        try:
            payload = sent(value)
        except MessageError:  # what is not JSON cannot be sent
            return
        assert isinstance(decode(payload, {}, ENCRYPTOR), dict)

    @given(json_values)
    def test_a_payload_that_is_not_an_object_is_refused(self, value: Any) -> None:
        try:
            payload = sent([value])
        except MessageError:
            return
        with pytest.raises(MessageError, match="not a JSON object"):
            decode(payload, {}, ENCRYPTOR)

    @pytest.mark.parametrize("depth", [500, 5_000, 100_000])
    @pytest.mark.parametrize("opening", [b"[", b'{"a":'])
    def test_json_of_any_depth_decodes_or_is_refused(self, depth: int, opening: bytes) -> None:
        closing = b"]" if opening == b"[" else b"}"
        text = b'{"body":' + opening * depth + b"1" + closing * depth + b"}"
        payload = base64.b64encode(ENCRYPTOR.encrypt(text))
        try:
            decode(payload, {}, ENCRYPTOR)
        except MessageError as error:
            assert str(error).endswith("(RecursionError)")  # noqa: PT017 (both results are correct)


class TestDecodeError:
    def test_both_parts_are_decrypted(self) -> None:
        payload = to_json({"error": sent({"name": "E"}).decode(), "errorInput": sent({"body": 1}).decode()})
        message = decode(payload, {"stepId": "s", b"\xff": 1}, ENCRYPTOR, "error")
        assert message == {
            "body": {"error": {"name": "E"}, "errorInput": {"body": 1}},
            "headers": {"stepId": "s", "\ufffd": 1},
        }

    @given(delivered_values | json_values, delivered_headers)
    def test_parts_of_any_kind_decode_or_are_refused(self, part: Any, headers: Any) -> None:
        for name in ("error", "errorInput"):
            try:
                payload = to_json({name: part})
            except MessageError:
                continue
            try:
                decode(payload, headers, ENCRYPTOR, "error")
            except MessageError:
                continue

    @pytest.mark.parametrize("part", ["\ud83d", "é", "no base64", 5, ["list"], {"a": 1}])
    def test_a_part_that_is_not_a_ciphertext_is_refused(self, part: Any) -> None:
        with pytest.raises(MessageError):
            decode(to_json({"error": part}), {}, ENCRYPTOR, "error")

    @pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"5", b"[" * 100_000, b"\xff"])
    def test_a_payload_of_an_error_that_is_not_an_object_is_refused(self, payload: bytes) -> None:
        with pytest.raises(MessageError):
            decode(payload, {}, ENCRYPTOR, "error")

    def test_a_deep_input_is_refused(self) -> None:
        deep = base64.b64encode(ENCRYPTOR.encrypt(b'{"a":' * 100_000)).decode()
        with pytest.raises(MessageError, match="RecursionError"):
            decode(to_json({"error": deep}), {}, ENCRYPTOR, "error")


def test_a_deeply_nested_header_does_not_change_the_metadata() -> None:
    assert Incoming.read({"x-eio-meta-a": nested(900), "messageId": "m"}).message_id == "m"
