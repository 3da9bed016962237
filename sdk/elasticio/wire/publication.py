"""An outgoing message, validated against the limits of AMQP 0-9-1.

If a frame breaks these rules, the broker closes the connection or the codec fails, far from the cause.
A publication is therefore validated when it is created.

short strings   routing key, header names, text properties: at most 255 bytes of UTF-8
header frame    headers and properties together: at most one frame of 128 KiB
integers        64 bits, signed
expiration      whole milliseconds from 0 to 2^32 - 1, as text (RabbitMQ's limit)
nesting         at most 64 levels of tables and lists
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from elasticio.errors import MessageError
from elasticio.wire.text import printable

Headers = dict[str, Any]

JSON: Mapping[str, Any] = MappingProxyType({"content_type": "application/json", "content_encoding": "utf8"})
LONGEST_EXPIRATION = 2**32 - 1  # milliseconds

_SHORT_STRING = 255  # bytes
_HEADER_FRAME = 131_072 - 8 - 14 - 64  # bytes: a frame without its own fields and without space for the header `retry`
_NESTING = 64
_TEXTS = {"content_type", "content_encoding", "correlation_id", "reply_to", "message_id", "type"}
_TEXTS |= {"user_id", "app_id", "cluster_id"}
_NUMBERS = {"priority": 2**8, "timestamp": 2**64}


@dataclass(frozen=True, slots=True)
class Publication:
    """An outgoing message.

    `properties` are AMQP's basic properties (content_type, expiration …), without headers and without the delivery
    mode, which is a setting of the broker. If `mandatory` is False, the broker may drop a message without a queue.

    A float in the headers becomes an integer if it is whole, otherwise text: AMQP clients do not write floats. Raises
    MessageError, which names the part that AMQP cannot carry.
    """

    routing_key: str
    body: bytes
    headers: Headers
    properties: Mapping[str, Any] = field(default_factory=lambda: JSON)
    mandatory: bool = True

    def __post_init__(self) -> None:
        _short_string(self.routing_key, "routing key")
        if not isinstance(self.body, bytes):
            raise MessageError(f"body: must be bytes, not {type(self.body).__name__}.")
        if not isinstance(self.headers, Mapping):
            raise MessageError(f"headers: must be a table, not {type(self.headers).__name__}.")
        try:
            headers, size = _table(self.headers, "headers", 0)
        except RecursionError as error:
            raise MessageError("headers: nested too deeply.") from error
        if self.properties is not JSON:
            size += sum(_property(name, value) for name, value in self.properties.items())
        if size > _HEADER_FRAME:
            raise MessageError(f"headers: {size} bytes with the properties exceed the maximum of {_HEADER_FRAME}.")
        if headers is not self.headers:
            object.__setattr__(self, "headers", headers)


def _property(name: str, value: Any) -> int:
    """Check a basic property and return its size."""
    place = f"property {name}"
    if name in _TEXTS:
        return _short_string(value, place) + 1
    if name == "expiration":
        digits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10
        if not digits or int(value) > LONGEST_EXPIRATION:
            raise MessageError(f"{place}: must be whole milliseconds from 0 to {LONGEST_EXPIRATION}, as text.")
        return len(value) + 1
    if name in _NUMBERS:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _NUMBERS[name]:
            raise MessageError(f"{place}: must be a whole number from 0 to {_NUMBERS[name] - 1}.")
        return 8
    raise MessageError(f"{place}: AMQP has no such property.")


def _short_string(value: Any, place: str) -> int:
    """Check a short string and return its size without the length byte."""
    size = _text_size(value, place)
    if size > _SHORT_STRING:
        raise MessageError(f"{place}: {size} bytes exceed AMQP's maximum of {_SHORT_STRING}.")
    return size


def _text_size(value: Any, place: str) -> int:
    if not isinstance(value, str):
        raise MessageError(f"{place}: must be text, not {type(value).__name__}.")
    try:
        return len(value.encode())
    except UnicodeEncodeError as error:
        raise MessageError(f"{place}: half of a surrogate pair is not valid text.") from error


def _table(table: Mapping[Any, Any], place: str, depth: int) -> tuple[dict[str, Any], int]:
    """Check a table and return it with its size in bytes. It is copied only if a value must change its form."""
    if depth > _NESTING:
        raise MessageError(f"{place}: nested more than {_NESTING} levels deep.")
    result = table if isinstance(table, dict) else dict(table)
    size = 4
    changed: dict[str, Any] = {}
    for name, value in table.items():
        plain = type(name) is str and name.isascii() and len(name) <= _SHORT_STRING
        size += 1 + (len(name) if plain else _short_string(name, f"{place}, a name"))
        kind = type(value)
        if kind is str and value.isascii():
            size += len(value) + 5
        elif kind is bool or (kind is int and -(2**63) <= value < 2**63):
            size += 9
        else:
            written, more = _value(value, f"{place}.{printable(name, 64)}", depth)
            size += more
            if written is not value:
                changed[name] = written
    return ({**result, **changed} if changed else result), size


def _value(value: Any, place: str, depth: int) -> tuple[Any, int]:
    """Check a value of a table or a list; return it in its AMQP form, and its size in bytes."""
    if isinstance(value, str):
        return value, _text_size(value, place) + 5
    if value is None or isinstance(value, bool):
        return value, 2
    if isinstance(value, Mapping):
        written, size = _table(value, place, depth + 1)
        return written, size + 1
    if isinstance(value, list | tuple):
        return _list(value, place, depth + 1)
    return _scalar(value, place)


def _scalar(value: Any, place: str) -> tuple[Any, int]:
    if isinstance(value, int):
        return _integer(value, place), 9
    if isinstance(value, float):
        text = str(value)
        return (int(value), 9) if value.is_integer() and abs(value) < 2**63 else (text, len(text) + 5)
    if isinstance(value, Decimal):
        return _decimal(value, place), 6
    if isinstance(value, datetime):
        return _time(value, place), 9
    if isinstance(value, bytes | bytearray):
        return value if isinstance(value, bytes) else bytes(value), len(value) + 5
    raise MessageError(f"{place}: a value of type {type(value).__name__} cannot be carried.")


def _list(items: list[Any] | tuple[Any, ...], place: str, depth: int) -> tuple[list[Any], int]:
    if depth > _NESTING:
        raise MessageError(f"{place}: nested more than {_NESTING} levels deep.")
    pairs = [_value(item, f"{place}[{index}]", depth) for index, item in enumerate(items)]
    written = [item for item, _ in pairs]
    same = isinstance(items, list) and all(new is old for new, old in zip(written, items, strict=True))
    return (items if same and isinstance(items, list) else written), 5 + sum(size for _, size in pairs)


def _integer(value: int, place: str) -> int:
    if not -(2**63) <= value < 2**63:
        raise MessageError(f"{place}: a whole number beyond 64 bits cannot be carried.")
    return value


def _decimal(value: Decimal, place: str) -> Decimal:
    """Check that a decimal is a signed 32-bit integer with at most 255 decimals."""
    _, digits, exponent = value.as_tuple()
    fits = isinstance(exponent, int) and len(digits) <= 28 and -283 <= exponent <= 10
    if fits:
        _, digits, exponent = value.normalize().as_tuple()
        raw = int("".join(map(str, digits))) * 10 ** max(int(exponent), 0)
        fits = int(exponent) >= -255 and raw < 2**31
    if not fits:
        raise MessageError(f"{place}: a decimal beyond 32 bits and 255 decimals cannot be carried.")
    return value


def _time(value: datetime, place: str) -> datetime:
    """Return a time in whole seconds of UTC, the form that AMQP carries."""
    if value.tzinfo is UTC and not value.microsecond and value.year >= 1970:
        return value
    try:
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError as error:
        raise MessageError(f"{place}: a time beyond the years 1970 to 9999 cannot be carried.") from error
    if aware.year < 1970:
        raise MessageError(f"{place}: a time beyond the years 1970 to 9999 cannot be carried.")
    return aware.replace(microsecond=0)
