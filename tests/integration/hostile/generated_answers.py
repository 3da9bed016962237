"""Generated answers: any status, headers, body and way of breaking off, from a seed."""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from tests.integration.hostile.answer import Answer, Ending, Meaning, head

_STATUSES = (*range(200, 600), *range(100, 200), 0, 7, 99, 600, 999)
_BODILESS = {204, 304}
FILE_NAMES = (
    "utf-8''%e2%82%ac",
    "utf-8''%ff%fe",
    "undefined''x",
    "idna''%ff",
    "punycode''" + "x" * 50,
    "'x",
    "''",
    "%00%0d%0a",
    "utf-8''" + "../" * 40,
    "utf-8''" + "x" * 5000,
    '"' + ";" * 500,
)
_HARMLESS: tuple[Callable[[random.Random], str], ...] = (
    lambda chance: f"X-{chance.randrange(10**6)}: {'x' * chance.randrange(2000)}",
    lambda chance: f"Server: {bytes(chance.choices(range(0xA1, 0xFF), k=50)).decode('latin-1')}",
    lambda chance: f"Set-Cookie: a={chance.random()}",
    lambda chance: f"Date: {chance.choice(['soon', 'Thu, 26 Nov 9999 00:00:00 GMT', '0', ''])}",
    lambda chance: f"Content-Type: {chance.choice(['text/html', 'x', 'application/json;charset=latin1', ''])}",
    lambda chance: f"Content-Disposition: attachment; filename*={chance.choice(FILE_NAMES)}",
    lambda chance: f"Connection: {chance.choice(['close', 'keep-alive', 'x', 'close, x'])}",
    lambda chance: f"ETag: {chance.randbytes(20).hex()}",
)


def generated(count: int, chance: random.Random) -> Iterator[Answer]:
    """Yield generated answers."""
    for number in range(count):
        yield _answer(random.Random(chance.random()), number)


def _answer(chance: random.Random, number: int) -> Answer:
    status = chance.choice(_STATUSES if chance.random() < 0.5 else (200, 201, 204, 400, 429, 500, 503))
    headers = [chance.choice(_HARMLESS)(chance) for _ in range(chance.randrange(6))]
    form = chance.choice(("good", "good", "json", "garbage", "empty"))
    framing = chance.choice(("length", "length", "chunks", "close", "gzip"))
    cut = chance.choice((None, None, None, "head", "body"))
    if cut == "body" and (form == "empty" or status in _BODILESS):
        cut = None
    ending = Ending.CLOSE if framing == "close" or status < 200 else Ending.KEEP
    if cut:
        ending = chance.choice((Ending.CLOSE, Ending.CLOSE, Ending.RESET, Ending.HANG))
    content = _content(chance, form)
    interim = head(103, "Link: </x>") * chance.choice((0, 0, 0, 1, 3))
    place = chance.random()

    def pieces(good: bytes) -> list[bytes]:
        first, body = _framed(status, headers, content if content is not None else good, framing, chance=place)
        if cut == "head":
            return [interim + first[: int(place * (len(first) - 4))]]
        if cut == "body":
            return [interim + first + body[: int(place * (len(body) - 1))]]
        return [interim + first + body]

    meaning = _meaning(status, form, framing, cut)
    name = f"{number}: {status}, {form}, {framing}, cut {cut}, {ending.name}, {headers!r:.200}, {content!r:.200}"
    return Answer("generated", name, meaning, pieces, ending)


def _content(chance: random.Random, form: str) -> bytes | None:
    """Return the body; None for a good one."""
    if form == "good":
        return None
    if form == "empty":
        return b""
    if form == "garbage":
        return b"<" + chance.randbytes(chance.randrange(1, 200))
    return json.dumps(_value(chance, 0)).encode()


def _value(chance: random.Random, depth: int) -> Any:
    """Return any JSON value, often with the properties that responses have."""
    kind = chance.randrange(9 if depth < 4 else 6)
    if kind < 6:
        return (None, True, chance.randrange(-(2**66), 2**66), chance.random(), "\ud83d text", "2026")[kind]
    if kind == 6:
        return [_value(chance, depth + 1) for _ in range(chance.randrange(4))]
    names = ("id", "items", "state", "message", "totalCount", "limit", "attributes", "toNumber", "contact", "x")
    return {name: _value(chance, depth + 1) for name in chance.sample(names, chance.randrange(6))}


def _framed(status: int, headers: list[str], content: bytes, framing: str, *, chance: float) -> tuple[bytes, bytes]:
    """Return the head and the body as sent."""
    if status in _BODILESS or 100 <= status < 200:
        return head(f"{status:03}", *headers), b""
    if framing == "gzip":
        content = gzip.compress(content, mtime=0)
        return head(f"{status:03}", *headers, "Content-Encoding: gzip", f"Content-Length: {len(content)}"), content
    if framing == "chunks":
        size = 1 + int(chance * 50)
        parts = [content[start : start + size] for start in range(0, len(content), size)]
        chunks = b"".join(b"%X\r\n%b\r\n" % (len(part), part) for part in parts)
        return head(f"{status:03}", *headers, "Transfer-Encoding: chunked"), chunks + b"0\r\n\r\n"
    length = () if framing == "close" else (f"Content-Length: {len(content)}",)
    return head(f"{status:03}", *headers, *length), content


def _meaning(status: int, form: str, framing: str, cut: str | None) -> Meaning:
    """Return what an answer means."""
    if cut == "head" or status < 200:
        return Meaning.LOST
    if status == 429:
        return Meaning.LIMITED
    if status >= 500 or status == 408:
        return Meaning.FAILED
    if status >= 300:
        return Meaning.REFUSED
    if status in _BODILESS:
        return Meaning.EMPTY
    if cut == "body":
        return Meaning.EITHER if framing == "close" else Meaning.LOST
    return {"good": Meaning.GOOD, "empty": Meaning.EMPTY, "garbage": Meaning.NOT_JSON, "json": Meaning.DATA}[form]
