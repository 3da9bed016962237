"""Encoded AMQP headers that pika cannot write. The broker accepts them from other clients."""

import struct

import pika
from pika import spec

DEPTH = 3000


class EncodedHeaders(pika.BasicProperties):  # type: ignore[misc]
    """Properties with only a headers table, given as its encoded entries."""

    def __init__(self, *entries: bytes) -> None:
        super().__init__()
        self._table = sized(b"".join(entries))

    def encode(self) -> list[bytes]:
        return [struct.pack(">H", spec.BasicProperties.FLAG_HEADERS), self._table]


def sized(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def entry(name: bytes, value: bytes) -> bytes:
    return struct.pack("B", len(name)) + name + value


def text(value: bytes) -> bytes:
    return b"S" + sized(value)


def message_id(value: bytes) -> bytes:
    return entry(b"messageId", text(value))


def deep_table(depth: int = DEPTH) -> bytes:
    table = b""
    for _ in range(depth):
        table = entry(b"a", b"F" + sized(table))
    return b"F" + sized(table)


def deep_list(depth: int = DEPTH) -> bytes:
    items = b""
    for _ in range(depth):
        items = b"A" + sized(items)
    return items


NOT_A_NUMBER = b"d" + struct.pack(">d", float("nan"))  # RabbitMQ cannot read it either
YEAR_55000 = b"T" + struct.pack(">Q", 1_700_000_000_000)  # milliseconds instead of seconds
UNKNOWN_TYPE = b"~"

UNREADABLE = {
    "deep table": entry(b"odd", deep_table()),
    "deep list": entry(b"odd", deep_list()),
    "timestamp beyond the year 9999": entry(b"odd", YEAR_55000),
    "timestamp at depth": entry(b"odd", b"F" + sized(entry(b"a", YEAR_55000))),
    "name that is not UTF-8": entry(b"\xff", text(b"x")),
    "name at depth that is not UTF-8": entry(b"odd", b"A" + sized(b"F" + sized(entry(b"\xff", text(b"x"))))),
}
"""One header each that makes a message unreadable. The name of each is unknown to the platform."""
