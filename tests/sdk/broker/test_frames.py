"""The frames of every message equal pika's, and every other frame is left to pika."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pika
import pytest
from elasticio.broker.rabbitmq.connection import StreamConnection, parameters
from elasticio.broker.rabbitmq.frames import ack_frame, body_frames, json_header, read_confirm, read_delivery
from hypothesis import given
from hypothesis import strategies as st
from pika import frame
from pika.spec import Basic

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
VALUES = st.one_of(
    TEXTS, st.integers(-(2**63), 2**63 - 1), st.booleans(), st.none(), st.lists(TEXTS, max_size=2), st.binary()
)
DELIVER = ("consumer", 7, False, "exchange", "routing.key")
HEADERS = st.dictionaries(TEXTS, VALUES, max_size=5)


def method(part: Any, channel: int = 1) -> bytes:
    encoded: bytes = frame.Method(channel, part).marshal()
    return encoded


def delivery(
    tag: int = 7, body: bytes = b"body", *, headers: Any = None, redelivered: bool = False, size: int = 100
) -> bytes:
    """The frames of a delivery as the broker sends them."""
    deliver = Basic.Deliver("consumer", tag, redelivered, *DELIVER[3:])
    properties = pika.BasicProperties(headers=headers, content_type="application/json")
    header: bytes = frame.Header(1, len(body), properties).marshal()
    return method(deliver) + header + b"".join(body_frames(body, size))


@given(headers=HEADERS, mode=st.sampled_from([1, 2]), size=st.integers(0, 2**40))
def test_a_header_frame_equals_that_of_pika(headers: dict[str, Any], mode: int, size: int) -> None:
    properties = pika.BasicProperties("application/json", "utf8", headers=headers, delivery_mode=mode)
    assert json_header(headers, mode, size) == frame.Header(1, size, properties).marshal()


@given(tag=st.integers(0, 2**64 - 1))
def test_an_ack_equals_that_of_pika(tag: int) -> None:
    assert ack_frame(tag) == method(Basic.Ack(tag))


@given(tag=st.integers(0, 2**64 - 1), multiple=st.booleans(), before=st.binary(max_size=5))
def test_a_confirm_is_read(tag: int, multiple: bool, before: bytes) -> None:
    encoded = method(Basic.Ack(tag, multiple))
    assert read_confirm(before + encoded + b"next", len(before)) == (tag, multiple, len(encoded))


@pytest.mark.parametrize(
    "other",
    [
        method(Basic.Nack(7)),
        method(Basic.Ack(7), channel=2),
        method(Basic.Ack(7))[:-1],
        method(Basic.Ack(7))[:-1] + b"\0",
        delivery(),
        frame.Heartbeat().marshal(),
        b"",
    ],
)
def test_anything_else_is_no_confirm(other: bytes) -> None:
    assert read_confirm(other, 0) is None


@given(
    tag=st.integers(0, 2**64 - 1),
    body=st.binary(max_size=100),
    headers=HEADERS,
    redelivered=st.booleans(),
    before=st.binary(max_size=5),
)
def test_a_delivery_is_read(tag: int, body: bytes, headers: dict[str, Any], redelivered: bool, before: bytes) -> None:
    encoded = delivery(tag, body, headers=headers, redelivered=redelivered)
    read = read_delivery(before + encoded + b"next", len(before))
    assert read is not None
    assert (read.method.delivery_tag, read.method.redelivered, read.body) == (tag, redelivered, body)
    assert (read.properties.headers, read.properties.content_type) == (headers, "application/json")
    assert read.size == len(encoded)


def test_an_incomplete_delivery_is_left_to_pika() -> None:
    encoded = delivery(headers={"a": 1})
    assert [read_delivery(encoded[:length], 0) for length in range(len(encoded))] == [None] * len(encoded)
    for place in (len(encoded) - 1, encoded.index(b"\xce"), encoded.rindex(b"\x03\0\x01") - 1):  # ends of frames
        assert read_delivery(encoded[:place] + b"\0" + encoded[place + 1 :], 0) is None


@pytest.mark.parametrize(
    "other",
    [
        delivery(body=b"in two frames", size=7),
        delivery(headers={"a": "x"}).replace(b"\x01aS", b"\x01a?"),
        method(Basic.Return(312, "NO_ROUTE", "", "key")) + delivery()[len(method(Basic.Deliver(*DELIVER))) :],
        method(Basic.Ack(7)),
        b"",
    ],
)
def test_an_unusual_delivery_is_left_to_pika(other: bytes) -> None:
    assert read_delivery(other, 0) is None


class Received:
    """A connection that records what it receives. `sizes` are the sizes of the pieces that the socket returns."""

    def __init__(self, data: bytes, sizes: Sequence[int]) -> None:
        self.confirms: list[tuple[int, bool]] = []
        self.deliveries: list[tuple[int, bytes]] = []
        self.left_to_pika: list[str] = []
        loop = asyncio.new_event_loop()
        ignore: Any = lambda *_: None  # noqa: E731
        connection = StreamConnection(
            parameters("amqp://127.0.0.1:1", "test"), loop, on_open=ignore, on_open_error=ignore, on_close=ignore
        )
        connection.on_confirm = lambda tag, multiple: self.confirms.append((tag, multiple))
        connection.on_delivery = lambda part, _, body: self.deliveries.append((part.delivery_tag, body))
        connection._process_frame = lambda part: self.left_to_pika.append(type(getattr(part, "method", part)).__name__)
        for size in sizes:
            connection.data_received(data[:size])
            data = data[size:]
        connection.data_received(data)
        assert connection._frame_buffer == b""
        connection._login_timer.cancel()
        if connection._connecting:
            connection._connecting.cancel()
            loop.run_until_complete(asyncio.wait({connection._connecting}))
        loop.close()


def test_a_connection_passes_usual_frames_on_and_leaves_the_others_to_pika() -> None:
    parts = [method(Basic.Ack(1)), delivery(2), method(Basic.Nack(3)), method(Basic.Ack(4, True)), delivery(5, b"")]
    received = Received(b"".join(parts), [])
    assert received.confirms == [(1, False), (4, True)]
    assert received.deliveries == [(2, b"body"), (5, b"")]
    assert received.left_to_pika == ["Nack"]


@given(data=st.data())
def test_every_frame_is_read_once_wherever_the_stream_is_split(data: st.DataObject) -> None:
    stream = b"".join(method(Basic.Ack(tag)) + delivery(tag) for tag in range(4))
    received = Received(stream, data.draw(st.lists(st.integers(1, 60), max_size=8)))
    whole = len(received.deliveries)
    assert received.left_to_pika.count("Header") == 4 - whole
    assert len(received.confirms) + received.left_to_pika.count("Ack") == 4
