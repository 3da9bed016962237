"""Incoming properties that pika cannot decode."""

import struct
import sys
from collections.abc import Iterator
from typing import Any

import pika
import pytest
from elasticio.broker.rabbitmq.delivery import headers_fault
from elasticio.broker.rabbitmq.properties import UnreadableProperties, unreadable_header_frame
from hypothesis import given
from hypothesis import strategies as st
from pika import frame, spec

from tests.integration.odd_headers import NOT_A_NUMBER, UNKNOWN_TYPE, UNREADABLE, EncodedHeaders, entry, message_id

FAULTS = [entry(b"odd", NOT_A_NUMBER), *(odd for name, odd in UNREADABLE.items() if "UTF-8" not in name)]


def header_frame(properties: pika.BasicProperties, body_size: int = 7) -> bytes:
    encoded: bytes = frame.Header(1, body_size, properties).marshal()
    return encoded


def read(buffer: bytes) -> tuple[int, UnreadableProperties]:
    with pytest.raises(Exception) as raised:  # noqa: PT011 (pika raises many kinds)
        frame.decode_frame(buffer)
    assert isinstance(raised.value, Exception)
    size, read_frame = unreadable_header_frame(buffer, raised.value)
    assert (read_frame.channel_number, read_frame.body_size) == (1, 7)
    return size, read_frame.properties


@pytest.fixture(autouse=True)
def _usual_recursion_limit() -> Iterator[None]:
    """Restore the recursion limit, which libraries of other tests may have changed."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.parametrize("odd", FAULTS)
@pytest.mark.parametrize("is_first", [True, False])
def test_decodable_headers_are_kept(odd: bytes, is_first: bool) -> None:
    entries = [odd, message_id(b"m1")] if is_first else [message_id(b"m1"), odd]
    buffer = header_frame(EncodedHeaders(*entries))
    size, properties = read(buffer + b"the next frame")
    assert size == len(buffer)
    assert properties.headers == {"messageId": "m1"}
    assert "cannot be decoded" in properties.fault


def test_the_headers_before_an_unknown_type_are_kept() -> None:
    entries = (message_id(b"m1"), entry(b"odd", UNKNOWN_TYPE), entry(b"after", b"V"))
    _, properties = read(header_frame(EncodedHeaders(*entries)))
    assert properties.headers == {"messageId": "m1"}


def test_headers_after_a_content_type_are_found() -> None:
    class Properties(EncodedHeaders):
        def encode(self) -> list[bytes]:
            flags = spec.BasicProperties.FLAG_CONTENT_TYPE | spec.BasicProperties.FLAG_CONTENT_ENCODING
            _, table = super().encode()
            return [struct.pack(">H", flags | spec.BasicProperties.FLAG_HEADERS), b"\x04json", b"\x04utf8", table]

    _, properties = read(header_frame(Properties(message_id(b"m1"), *FAULTS)))
    assert properties.headers == {"messageId": "m1"}


def test_another_kind_of_frame_raises_the_error_again() -> None:
    error = ValueError("a fault of the broker")
    with pytest.raises(ValueError, match="a fault of the broker"):
        unreadable_header_frame(frame.Heartbeat().marshal(), error)


@given(st.binary(max_size=200))
def test_any_content_is_decoded_or_unreadable(content: bytes) -> None:
    payload = struct.pack(">HHQ", 60, 0, 7) + content
    buffer = struct.pack(">BHI", spec.FRAME_HEADER, 1, len(payload)) + payload + bytes([spec.FRAME_END])
    size, read_frame = unreadable_header_frame(buffer, ValueError("any"))
    assert size == len(buffer)
    assert all(isinstance(name, str) for name in read_frame.properties.headers)


NOT_UTF8, DEEP = "the name of an AMQP header is not UTF-8", "its AMQP headers are nested deeper than 64 levels"


def nested(depth: int) -> Any:
    value: Any = 1
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return {"odd": value}


@pytest.mark.parametrize(
    ("headers", "fault"),
    [
        (None, None),
        ({}, None),
        ({"a": {"b": [1, {"c": b"\xff"}]}}, None),
        ({b"\xff": 1}, NOT_UTF8),
        ({"a": {b"\xff": 1}}, NOT_UTF8),
        ({"a": [[{b"\xff": 1}]]}, NOT_UTF8),
        (nested(64), None),
        (nested(65), DEEP),
        (nested(50_000), DEEP),
    ],
)
def test_odd_names_and_deep_values_are_faults(headers: Any, fault: str | None) -> None:
    assert headers_fault(headers) == fault


def test_a_high_recursion_limit_makes_no_difference() -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)  # as a library of a component may do
    try:
        _, decoded = frame.decode_frame(header_frame(EncodedHeaders(UNREADABLE["deep table"])))
        assert headers_fault(decoded.properties.headers) == DEEP
    finally:
        sys.setrecursionlimit(limit)
