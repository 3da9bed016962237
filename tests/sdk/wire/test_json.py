"""JSON in the wire format."""

import datetime
import math
import sys
from typing import Any

import pytest
from elasticio import MessageError
from elasticio.wire.encryption import Encryptor
from elasticio.wire.json import from_json, to_json
from hypothesis import given
from hypothesis import strategies as st

any_text = st.text(st.characters(exclude_categories=()))  # halves of surrogate pairs, too
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_text
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(any_text, inner), max_leaves=20)


def joined(value: Any) -> Any:
    """Return a value as in JavaScript, where both halves of a surrogate pair are one character."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    if isinstance(value, list):
        return [joined(item) for item in value]
    return {joined(key): joined(item) for key, item in value.items()} if isinstance(value, dict) else value


@given(values)
def test_written_json_is_parsed_to_the_same_value(value: Any) -> None:
    assert from_json(to_json(value)) == joined(value)


@given(values, st.sampled_from([1, 2]))
def test_an_encoded_payload_is_decoded_to_the_same_value(value: Any, version: int) -> None:
    encryptor = Encryptor("password", "0123456789abcdef")
    assert encryptor.decode(encryptor.encode(value, version), version) == joined(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [None, True, "x"]}, '{"b":1,"a":[null,true,"x"]}'),
        ("Größe €📞", '"Größe €📞"'),
        ("\ud83d", '"\\ud83d"'),
        ("\x1f\x7f\u2028", '"\\u001f\x7f\u2028"'),
        (2**70, "1180591620717411303424"),
        ((1, 2), "[1,2]"),
        ({1: "a", None: "b", False: "c"}, '{"1":"a","null":"b","false":"c"}'),
    ],
)
def test_the_text(value: Any, text: str) -> None:
    assert to_json(value) == text.encode()


def endless() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (math.nan, "value is not a finite number"),
        ({"a": [0, math.inf]}, "value.a[1] is not a finite number"),
        ({"a": {"b": -math.inf}}, "value.a.b is not a finite number"),
        ({"when": datetime.date(2024, 1, 1)}, "value.when is of type date"),
        ({"raw": b"secret"}, "value.raw is of type bytes"),
        ([{"set": {1}}], "value[0].set is of type set"),
        ({"a": {(1, 2): "secret"}}, "value.a has a key of type tuple"),
        ({"secret 5": {1}}, "value[…] is of type set"),
        ({"12135550123": {1}}, "value[…] is of type set"),
        ({"phone12135550123": {1}}, "value[…] is of type set"),
        ({"text2": {"größe": {1}}}, "value.text2.größe is of type set"),
        (object, "value is of type type"),
        (endless(), "nested too deeply or contains itself"),
    ],
)
def test_the_error_names_the_path_of_an_invalid_value(value: Any, complaint: str) -> None:
    with pytest.raises(MessageError, match="cannot be written as JSON: ") as caught:
        to_json(value)
    assert complaint in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[1,]", b"NaN", b"-Infinity", b'{"a":Infinity}', b"'a'", b"\xef\xbb\xbf{}"]
)
def test_invalid_json(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (any will do)
        from_json(text)


def test_bytes_that_are_not_utf_8_are_replaced_as_in_node() -> None:
    assert from_json(b'"\xff\xc3"') == "\ufffd\ufffd"


@pytest.mark.parametrize("text", ["[" * 500_000, '{"a":' * 500_000, '["[",' * 200_000])
def test_deep_json_does_not_overflow_the_stack_if_the_recursion_limit_is_high(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "getrecursionlimit", lambda: 10**6)
    encryptor = Encryptor("password", "0123456789abcdef")
    with pytest.raises(RecursionError):
        from_json(text.encode())
    with pytest.raises(MessageError):
        encryptor.decode(encryptor.encrypt(text.encode()), 2)


def test_json_within_the_depth_is_parsed_if_the_recursion_limit_is_high(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "getrecursionlimit", lambda: 10**6)
    wide = [{"a": ["[[[[", '"{', "\\"]}] * 5000
    assert from_json(to_json(wide)) == wide
