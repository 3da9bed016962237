"""The AMQP frames of every message: delivery, publication, ack and confirm, without pika's objects for each frame.

pika needs about 25 µs for each of these frames. These functions know only the usual form of a frame. They return None
for any other form, and pika encodes or decodes the frame.

    method frame   type 1, channel, size, class, method, arguments, end
    header frame   type 2, channel, size, class, weight, size of the body, flags, properties, end
    body frame     type 3, channel, size, part of the body, end
"""

import struct
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import pika
from pika import data, spec
from pika.spec import Basic

CHANNEL = 1  # the number of a connection's first channel; each connection has only this one
FRAME_END = bytes([spec.FRAME_END])

_END = spec.FRAME_END
_FRAME = struct.Struct(">BHI")
_METHOD = struct.Struct(">BHIHH")
_HEADER = struct.Struct(">HHQ")
_INT = struct.Struct(">ci")
_LONG = struct.Struct(">cq")
_TAG = struct.Struct(">QB")
_ACK = struct.Struct(">BHIHHQBB")
_TAG_SIZE = 9  # bytes: a delivery tag and one byte of flags
_CONFIRM = _METHOD.pack(spec.FRAME_METHOD, CHANNEL, 4 + _TAG_SIZE, *divmod(Basic.Ack.INDEX, 0x10000))
_CONFIRM_SIZE = len(_CONFIRM) + _TAG_SIZE + 1
_BASIC = Basic.INDEX
_DELIVER = divmod(Basic.Deliver.INDEX, 0x10000)
_JSON_FLAGS = (
    spec.BasicProperties.FLAG_CONTENT_TYPE
    | spec.BasicProperties.FLAG_CONTENT_ENCODING
    | spec.BasicProperties.FLAG_HEADERS
    | spec.BasicProperties.FLAG_DELIVERY_MODE
)


OnConfirm = Callable[[int, bool], None]
"""Receives a confirm: its tag, and whether it is also for all earlier tags."""
OnDelivery = Callable[[Basic.Deliver, pika.BasicProperties, bytes], None]
"""Receives a delivery: method (only tag and `redelivered` are set), properties and body."""


class ReceivedConfirm(NamedTuple):
    """A positive confirm of the broker, and the size of its frame. `multiple`: it is also for all earlier tags."""

    tag: int
    multiple: bool
    size: int


class ReceivedDelivery(NamedTuple):
    """A delivery, and the size of its frames."""

    method: Basic.Deliver
    properties: pika.BasicProperties
    body: bytes
    size: int


def read_confirm(buffer: bytes, offset: int) -> ReceivedConfirm | None:
    """Return the confirm at `offset`; None for anything else and for an incomplete frame."""
    if not buffer.startswith(_CONFIRM, offset) or len(buffer) < offset + _CONFIRM_SIZE:
        return None
    if buffer[offset + _CONFIRM_SIZE - 1] != _END:
        return None
    tag, flags = _TAG.unpack_from(buffer, offset + len(_CONFIRM))
    return ReceivedConfirm(tag, bool(flags & 1), _CONFIRM_SIZE)


def read_delivery(buffer: bytes, offset: int) -> ReceivedDelivery | None:
    """Return the complete delivery at `offset`; None for anything else.

    A body in several frames, and properties that pika cannot decode, are something else, too.
    """
    try:
        kind, channel, size, *method = _METHOD.unpack_from(buffer, offset)
        if (kind, channel, tuple(method)) != (spec.FRAME_METHOD, CHANNEL, _DELIVER):
            return None
        tag_at = offset + _METHOD.size + 1 + buffer[offset + _METHOD.size]  # after the consumer tag
        tag, flags = _TAG.unpack_from(buffer, tag_at)
        header_at = offset + _FRAME.size + size + 1
        kind, channel, size = _FRAME.unpack_from(buffer, header_at)
        class_id, _, body_size = _HEADER.unpack_from(buffer, header_at + _FRAME.size)
        body_at = header_at + _FRAME.size + size + 1
        if (kind, channel, class_id, buffer[header_at - 1], buffer[body_at - 1]) != (2, CHANNEL, _BASIC, _END, _END):
            return None
        end = body_at
        if body_size:
            end += _FRAME.size + body_size + 1
            if _FRAME.unpack_from(buffer, body_at) != (3, CHANNEL, body_size) or buffer[end - 1] != _END:
                return None
    except (struct.error, IndexError):  # incomplete
        return None
    properties = pika.BasicProperties()
    try:
        properties.decode(buffer[header_at + _FRAME.size + _HEADER.size : body_at - 1])
    except Exception:  # noqa: BLE001 (pika raises many kinds)
        return None
    body = buffer[body_at + _FRAME.size : end - 1] if body_size else b""
    return ReceivedDelivery(Basic.Deliver("", tag, bool(flags & 1)), properties, body, end - offset)


def ack_frame(tag: int) -> bytes:
    """Return the frame that acknowledges one delivery."""
    return _ACK.pack(spec.FRAME_METHOD, CHANNEL, 4 + _TAG_SIZE, *divmod(Basic.Ack.INDEX, 0x10000), tag, 0, _END)


def json_header(headers: Mapping[str, Any], delivery_mode: int, body_size: int) -> bytes:
    """Return the header frame of a publication with the usual properties: JSON, headers and the delivery mode.

    Raises the errors of pika's encoder for values that it cannot encode.
    """
    pieces: list[bytes] = []
    for name, value in headers.items():
        kind = type(value)
        if kind is str:
            text = value.encode()
            pieces += (_short_string(name), b"S", len(text).to_bytes(4, "big"), text)
        elif kind is int and -(2**63) <= value < 2**63:
            small = -(2**31) <= value < 2**31
            pieces += (_short_string(name), _INT.pack(b"I", value) if small else _LONG.pack(b"l", value))
        else:
            pieces.append(_short_string(name))
            data.encode_value(pieces, value)
    table = b"".join(pieces)
    start = _HEADER.pack(_BASIC, 0, body_size) + _json_properties() + len(table).to_bytes(4, "big")
    size = len(start) + len(table) + 1
    return b"".join((_FRAME.pack(spec.FRAME_HEADER, CHANNEL, size), start, table, bytes((delivery_mode,)), FRAME_END))


def body_frames(body: bytes, largest: int) -> list[bytes | memoryview]:
    """Return the body frames of a message in pieces. `largest` is the maximum size of the content of a frame."""
    if 0 < len(body) <= largest:  # the usual case
        return [_FRAME.pack(spec.FRAME_BODY, CHANNEL, len(body)), body, FRAME_END]
    pieces: list[bytes | memoryview] = []
    rest = memoryview(body)
    while rest:
        fragment, rest = rest[:largest], rest[largest:]
        pieces += (_FRAME.pack(spec.FRAME_BODY, CHANNEL, len(fragment)), fragment, FRAME_END)
    return pieces


@lru_cache(maxsize=256)  # a step uses few names
def _short_string(text: str) -> bytes:
    pieces: list[bytes] = []
    data.encode_short_string(pieces, text)
    return b"".join(pieces)


@lru_cache(maxsize=1)
def _json_properties() -> bytes:
    """Return the flags of the properties, and the two properties before the headers."""
    return struct.pack(">H", _JSON_FLAGS) + _short_string("application/json") + _short_string("utf8")
