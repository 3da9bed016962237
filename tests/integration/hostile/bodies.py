"""Hostile bodies of answers: sizes, JSON of any shape, charsets, and the texts of errors."""

import gzip
import json
from collections.abc import Iterator

from tests.integration.hostile.answer import Answer, Ending, Meaning, fixed, framed, head, response
from tests.integration.hostile.case import ENCODED_LOGIN, PASSWORD, PHONE, SIGNED

GOOD, EMPTY, DATA, NOT_JSON, REFUSED, LIMITED, FAILED, LOST, EITHER = Meaning
KEEP, CLOSE, RESET, HANG, DRIP = Ending
MB = 1024 * 1024
ECHO = f"{PASSWORD} Basic {ENCODED_LOGIN}== {PHONE} {SIGNED}"
DEEP = 100_000


def sizes() -> Iterator[Answer]:
    """Yield large and compressed bodies."""

    def packed(good: bytes) -> bytes:
        return gzip.compress(good, mtime=0)

    zip_header = "Content-Encoding: gzip"
    bomb = gzip.compress(b" " * (64 * MB), 9, mtime=0)
    yield Answer("size", "gzip", GOOD, lambda good: [response(packed(good), 200, zip_header)], KEEP)
    yield Answer(
        "size", "gzip in chunks", GOOD, lambda good: [response(packed(good), 200, "Content-encoding: x-gzip ")], KEEP
    )
    yield Answer("size", "half of gzip", LOST, lambda good: [response(packed(good)[:-9], 200, zip_header)], KEEP)
    yield Answer(
        "size", "gzip and garbage", EITHER, lambda good: [response(packed(good) + b"x" * 100, 200, zip_header)]
    )
    yield fixed("size", "no gzip", LOST, response(b'{"id":1}', 200, zip_header), KEEP)
    yield fixed("size", "a gzip bomb", LOST, response(bomb, 200, zip_header))
    endless = packed(b"{}") + b"\0" * (40 * MB)
    yield fixed("size", "gzip and 40 MB", LOST, response(endless, 200, zip_header))
    for encoding in ("br", "deflate", "gzip, gzip", "x" * 1000):
        yield framed("size", f"encoding {encoding[:10]}", LOST, f"Content-Encoding: {encoding}")
    yield fixed("size", "33 MB announced", LOST, head(200, f"Content-Length: {33 * MB}"), HANG)
    yield fixed("size", "33 MB", LOST, response(b" " * (33 * MB)))
    yield fixed("size", "33 MB without a length", LOST, head(200) + b" " * (33 * MB))


def no_json() -> Iterator[Answer]:
    """Yield bodies that are not JSON."""
    for body in (b"<html>login</html>", b"{", b'{"id":1', b'{"id":1}}', b"\xff\xfe", b"\0", b"'x'", b"NaN", b"[1e999]"):
        yield fixed("body", f"{body!r}", NOT_JSON, response(body), KEEP)
    for body in (b'{"id":NaN,"items":[{"id":NaN}]}', b'{"id":-Infinity}', b'{"id":1,"x":1e400,"items":[{"id":1e400}]}'):
        yield fixed("body", f"{body!r}", NOT_JSON, response(body), KEEP)
    for opened, closed in ((b"[", b"]"), (b'{"a":', b"1}"), (b'{"items":[', b"")):
        deep = opened * DEEP + (closed * DEEP)
        yield fixed("body", f"{opened!r} {DEEP} times", NOT_JSON, response(deep), KEEP)


def json_of_any_shape() -> Iterator[Answer]:
    """Yield JSON that may or may not be the data of an operation."""
    for depth in range(900, 1000, 7):
        inner = b"[" * depth + b"]" * depth
        yield fixed("body", f"{depth} levels", DATA, response(b'{"id":1,"items":[{"id":1,"x":%b}]}' % inner), KEEP)
    values = (
        "5",
        '"abc"',
        "null",
        "true",
        "[]",
        "{}",
        "[[]]",
        "[null]",
        '{"items":null}',
        '{"items":5}',
        '{"items":{}}',
    )
    odd_items = (
        "null",
        "5",
        '"x"',
        "[]",
        "{}",
        '{"id":null}',
        '{"id":[1]}',
        '{"id":{"a":1}}',
        '{"id":1e300}',
        '{"id":-1}',
    )
    for value in (*values, *(f'{{"items":[{item}],"id":1}}' for item in odd_items)):
        yield fixed("body", value, DATA, response(value.encode()), KEEP)
    yield from _large_values()


def _large_values() -> Iterator[Answer]:
    keys = json.dumps({f"key {number}": number for number in range(20_000)} | {"id": 1, "items": []})
    numbers = b'{"id":%b,"items":[{"id":%b}]}'
    others = {
        "20,000 keys": keys.encode(),
        "half an emoji": b'{"id":1,"message":"\\ud83d","items":[{"id":1,"state":"\\ude00","\\ud83d":1}]}',
        "a number of 5,000 digits": numbers % (b"9" * 5000, b"9" * 5000),
        "odd parts": b'{"id":1,"items":[{"state":{"a":[1]},"attributes":[5],"toNumber":{"x":1},"contact":7}]}',
        "an odd page": b'{"items":[{"id":1}],"totalCount":-5,"limit":"x","offset":[1]}',
        "an endless page": b'{"items":[{"id":1}],"totalCount":1000000000,"limit":1}',
        "duplicate keys": b'{"id":1,"id":[],"items":5,"items":[{"id":1}]}',
        "a byte order mark": b'\xef\xbb\xbf{"id":1}',
        "UTF-16": '{"id":1,"items":[{"id":1}]}'.encode("utf-16"),
    }
    for name, body in others.items():
        yield fixed("body", name, DATA, response(body), KEEP)


def charsets() -> Iterator[Answer]:
    """Yield bodies that are not UTF-8, with the charsets of Python and others."""
    for charset in (
        "punycode",
        "idna",
        "unicode_escape",
        "undefined",
        "utf-7",
        "zlib",
        "base64",
        "x" * 1000,
        "utf-8\0",
    ):
        odd = response(
            b'{"id":1,"x":"\xff-' + b"9" * 200_000 + b'"}', 200, f"Content-Type: text/plain; charset={charset}"
        )
        yield fixed("charset", charset[:20], EITHER if "\0" in charset else DATA, odd, CLOSE)


def errors() -> Iterator[Answer]:
    """Yield error responses with odd texts and with secrets."""
    texts = {
        "half an emoji": '"busy \\ud83d"',
        "a list": '["x"]',
        "an object": '{"a":{"b":[]}}',
        "a number": "5",
        "1 MB": f'"{"x" * MB}"',
        "1 MB of digits": f'"{"1 " * (MB // 2)}"',
        "secrets": json.dumps(ECHO),
        "a list of secrets": json.dumps([ECHO, {"x": ECHO}]),
        "control characters": '"\\u001b[31m\\u0000\\n\\u2028"',
        "970 levels": "[" * 970 + "]" * 970,
    }
    for name, text in texts.items():
        body = f'{{"message":{text},"internalCode":{text},"developerMessage":{text}}}'.encode()
        for status, meaning in ((503, FAILED), (400, REFUSED)):
            yield fixed("error text", f"{status} {name}", meaning, response(body, status), KEEP)
    for body in (b"[]", b"5", b"\xff", b"[" * DEEP, b'{"message":'):
        yield fixed("error text", f"500 {body[:10]!r}", FAILED, response(body, 500), KEEP)
        yield fixed("error text", f"404 {body[:10]!r}", REFUSED, response(body, 404), KEEP)
    yield fixed(
        "error text",
        "secrets in the reason",
        REFUSED,
        b"HTTP/1.1 400 " + ECHO.encode() + b"\r\nContent-Length: 0\r\n\r\n",
    )
    yield fixed("error text", "secrets in the type", NOT_JSON, response(b"<x>", 200, f"Content-Type: {ECHO}"))
    yield fixed("error text", "503 breaks off", FAILED, head(503, "Content-Length: 50") + b"{", CLOSE)
    yield fixed("error text", "404 breaks off", REFUSED, head(404, "Content-Length: 50") + b"{", CLOSE)
    yield fixed("error text", "500 of 33 MB", FAILED, response(b" " * (33 * MB), 500))


PARTS = (sizes, no_json, json_of_any_shape, charsets, errors)
