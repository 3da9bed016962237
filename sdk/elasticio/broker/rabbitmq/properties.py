"""Properties of incoming messages that pika cannot decode.

pika raises for a timestamp beyond the year 9999, for tables nested hundreds of levels deep and for unknown types. The
broker accepts all of them. Such a message would close the connection, be redelivered and close the next connection too.
This module turns it into a message that can be rejected.
"""

import struct
from typing import Any

import pika
from pika import data, frame, spec

_FRAME_PREFIX = struct.Struct(">BHI")  # type, channel, size of the payload
_HEADER_PREFIX = struct.Struct(">HHQ")  # class, weight, size of the body
_SIZE = struct.Struct(">I")
_FIXED_SIZES = {b"T": 8, b"d": 8, b"f": 4}  # only of types that can have undecodable values


class UnreadableProperties(pika.BasicProperties):  # type: ignore[misc]
    """Properties that cannot be decoded, with the reason. `headers` contains the decodable headers."""

    def __init__(self, fault: str, headers: dict[str, Any]) -> None:
        super().__init__(headers=headers)
        self.fault = fault


def unreadable_header_frame(buffer: bytes, error: Exception) -> tuple[int, frame.Header]:
    """Return size and content of the header frame at the start of the buffer, which caused the error.

    Raises the error again if the buffer starts with another kind of frame.
    """
    kind, channel, size = _FRAME_PREFIX.unpack_from(buffer)
    payload = buffer[_FRAME_PREFIX.size : _FRAME_PREFIX.size + size]
    if kind != spec.FRAME_HEADER or len(payload) < _HEADER_PREFIX.size:
        raise error
    *_, body_size = _HEADER_PREFIX.unpack_from(payload)
    properties = UnreadableProperties(
        f"its AMQP properties cannot be decoded ({type(error).__name__})",
        _readable_headers(payload[_HEADER_PREFIX.size :]),
    )
    return _FRAME_PREFIX.size + size + spec.FRAME_END_SIZE, frame.Header(channel, body_size, properties)


def _readable_headers(encoded: bytes) -> dict[str, Any]:
    """Return the headers that can be decoded, so that a log line can name the message."""
    headers: dict[str, Any] = {}
    try:
        offset, end = _headers_table(encoded)
        while offset < end:
            name, offset = data.decode_short_string(encoded, offset)
            try:
                value, offset = data.decode_value(encoded, offset)
            except (ValueError, OverflowError, RecursionError):
                offset = _next_value(encoded, offset)
            else:
                headers[str(name)] = value
    except Exception:  # noqa: BLE001 (the message is unreadable in any case)
        return headers
    return headers


def _headers_table(encoded: bytes) -> tuple[int, int]:
    """Return the start and the end offset of the entries of the headers table."""
    (flags,) = struct.unpack_from(">H", encoded)
    offset = 2
    for flag in (spec.BasicProperties.FLAG_CONTENT_TYPE, spec.BasicProperties.FLAG_CONTENT_ENCODING):
        if flags & flag:
            _, offset = data.decode_short_string(encoded, offset)
    if not flags & spec.BasicProperties.FLAG_HEADERS:
        return offset, offset
    start = offset + _SIZE.size
    return start, start + _SIZE.unpack_from(encoded, offset)[0]


def _next_value(encoded: bytes, offset: int) -> int:
    """Return the offset after a value that cannot be decoded; raises KeyError for an unknown type."""
    kind = encoded[offset : offset + 1]
    offset += 1
    if kind in {b"F", b"A"}:
        return offset + _SIZE.size + int(_SIZE.unpack_from(encoded, offset)[0])
    return offset + _FIXED_SIZES[kind]
