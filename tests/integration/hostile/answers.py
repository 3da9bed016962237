"""Hostile answers of CallFire's server: status, headers, body, and the way in which they break off."""

from collections.abc import Iterator
from functools import partial

from tests.integration.hostile import bodies
from tests.integration.hostile.answer import Answer, Ending, Meaning, chunked, fixed, framed, head, response
from tests.integration.hostile.bodies import ECHO

GOOD, EMPTY, DATA, NOT_JSON, REFUSED, LIMITED, FAILED, LOST, EITHER = Meaning
KEEP, CLOSE, RESET, HANG, DRIP = Ending
MB = 1024 * 1024
REFUSALS = (400, 401, 402, 403, 404, 405, 406, 409, 410, 413, 415, 418, 422, 425, 431, 451, 499)
REDIRECTS = (300, 301, 302, 303, 304, 305, 307, 308, 399)
FAILURES = (408, 500, 501, 502, 503, 504, 505, 507, 511, 520, 599, 600, 999)


def listed() -> list[Answer]:
    """Return the listed answers."""
    parts = (
        _statuses,
        _odd_statuses,
        _heads,
        _lengths,
        _chunks,
        _pauses,
        _redirects,
        _breaks,
    )
    return [answer for part in (*parts, *bodies.PARTS) for answer in part()]


def _statuses() -> Iterator[Answer]:
    for status in (201, 202, 206, 226, 299):
        yield framed("status", f"{status}", GOOD, line=f"HTTP/1.1 {status} Fine")
    for status in (200, 204, 205):
        length = () if status == 204 else ("Content-Length: 0",)
        yield fixed("status", f"{status} without a body", EMPTY, head(status, *length), KEEP)
    for status in (*REFUSALS, *REDIRECTS):
        body = b"" if status == 304 else b'{"message":"no"}'
        yield fixed("status", f"{status}", REFUSED, response(body, status))
    for status in FAILURES:
        yield fixed("status", f"{status}", FAILED, response(b'{"message":"no"}', status), KEEP)
    yield fixed("status", "429", LIMITED, response(b'{"message":"no"}', 429), KEEP)


def _after(first: bytes, good: bytes) -> list[bytes]:
    return [first, response(good)]


def _odd_statuses() -> Iterator[Answer]:
    for interim in ("100 Continue", "103 Early Hints", "199 Odd"):
        first = f"HTTP/1.1 {interim}\r\nLink: </x>\r\n\r\n".encode()
        yield Answer("interim", f"{interim} before 200", GOOD, partial(_after, first), KEEP)
    yield Answer("interim", "50 interim responses", GOOD, lambda good: [head(102) * 50, response(good)], KEEP)
    yield Answer("interim", "100 alone", LOST, lambda _: [head(100)])
    yield fixed("interim", "interim responses without end", LOST, head(100) * 20_000, HANG)
    yield fixed("interim", "101", LOST, head(101, "Upgrade: x", "Connection: upgrade"))
    for line in ("HTTP/1.1 000 Odd", "HTTP/1.1 042 Odd", "HTTP/1.1 20x OK", "HTTP/1.1 2000 OK", "HTTP/1.1 -200 OK"):
        yield framed("status line", line, LOST, line=line)
    for line in ("http/1.1 200 OK", "ICY 200 OK", "HTTP 200 OK", "HTTP/11.1 200 OK", " HTTP/1.1 200 OK", "\0 200 OK"):
        yield framed("status line", line, LOST, line=line)
    for line in ("HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.0 200 OK", f"HTTP/1.1 200 {'x' * 100_000}"):
        yield framed("status line", line[:30], GOOD, line=line)
    for line in ("HTTP/2.0 200 OK", "HTTP/0.9 200 OK", "HTTP/1.1  200 OK", "HTTP/1.1 200 \x80\xff"):
        yield framed("status line", ascii(line), EITHER, line=line)


def _heads() -> Iterator[Answer]:
    yield framed("headers", "1,000 headers", GOOD, *(f"X-{number}: {number}" for number in range(1000)))
    yield framed("headers", "1,000 equal headers", GOOD, *["X: x"] * 1000)
    yield framed("headers", "a header of 100 KB", GOOD, f"X: {'x' * 100_000}")
    yield framed("headers", "no ASCII", GOOD, b"X: \xff\xfe\xc3\xa9")
    yield framed("headers", "empty value", GOOD, "X:")
    yield framed("headers", "a header of 1 MB", LOST, f"X: {'x' * MB}")
    yield framed("headers", "100,000 headers", LOST, *["X: x"] * 100_000)
    for line in (b"no colon", b": no name", b"na me: x", b"X\0: x", b"X: \0", b"X\xff: x", b"X : x", b" X: folded"):
        yield framed("headers", f"{line!r}", EITHER, line)
    yield framed("headers", "no line break", LOST, b"X: x\rY: y\r")
    yield Answer("headers", "line feeds only", EITHER, lambda good: [response(good).replace(b"\r", b"")], CLOSE)
    types = (
        "",
        "application/json; charset=punycode",
        "text/html",
        "charset=utf-16",
        "x" * 50_000,
        ";charset=\xff",
        ECHO,
    )
    for kind in types:
        yield framed("headers", f"content type {kind[:40]!r}", GOOD, f"Content-Type: {kind}")
    for name in ("Date", "Retry-After", "Connection", "Set-Cookie", "Content-Disposition", "Location", "Server"):
        yield framed("headers", f"{name} with secrets", GOOD, f"{name}: {ECHO}")
        yield framed("headers", f"{name} of 60 KB", GOOD, f"{name}: {';' * 30_000}{'=' * 30_000}")


def _lengths() -> Iterator[Answer]:
    for length in ("-1", "+2", "0x2", "2, 2", "2 2", "18446744073709551616", "9" * 5000, "1e3", "\xb2", ""):
        raw = head(200, f"Content-Length: {length}") + b"{}"
        yield fixed("length", f"{length[:25]!r}", LOST if length else EITHER, raw)
    lines = {
        "two lengths": ("Content-Length: 2", "Content-Length: 2"),
        "two different lengths": ("Content-Length: 2", "Content-Length: 3"),
        "a length and chunks": ("Content-Length: 2", "Transfer-Encoding: chunked"),
        "chunks and a length": ("Transfer-Encoding: chunked", "Content-Length: 2"),
        "chunked twice": ("Transfer-Encoding: chunked, chunked",),
        "gzip, chunked": ("Transfer-Encoding: gzip, chunked",),
        "unknown transfer encoding": ("Transfer-Encoding: x",),
    }
    for name, headers in lines.items():
        yield fixed("length", name, LOST, head(200, *headers) + b"{}")
    yield Answer("length", "none", GOOD, lambda good: [head(200) + good])
    yield Answer("length", "too short", NOT_JSON, lambda good: [head(200, f"Content-Length: {len(good) - 2}") + good])
    yield Answer("length", "too long", LOST, lambda good: [head(200, f"Content-Length: {len(good) + 2}") + good])
    yield Answer("length", "too long, and hangs", LOST, lambda good: [head(200, "Content-Length: 9999") + good], HANG)
    yield Answer("length", "bytes after the end", GOOD, lambda good: [response(good) + b"x" * 10_000])
    yield Answer("length", "two responses", GOOD, lambda good: [response(good) * 2], KEEP)


def _chunks() -> Iterator[Answer]:
    for size in (b"-5", b"", b"zz", b"f" * 17, b"f" * 5000, b"0x5", b"5 5", b"\xff"):
        yield fixed(
            "chunks", f"size {size[:20]!r}", LOST, head(200, "Transfer-Encoding: chunked") + size + b"\r\n{}   "
        )
    yield Answer("chunks", "good", GOOD, lambda good: [chunked(good)], KEEP)
    yield Answer("chunks", "a trailer", GOOD, lambda good: [chunked(good, end=b"0\r\nX: x\r\n\r\n")], KEEP)
    trailer = b"0\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n\r\n"
    yield Answer("chunks", "a trailer about the body", EITHER, lambda good: [chunked(good, end=trailer)], KEEP)
    endless = b"0\r\n" + b"X: x\r\n" * 200_000
    yield Answer("chunks", "a trailer without end", LOST, lambda good: [chunked(good, end=endless)], HANG)
    yield Answer("chunks", "no last chunk", LOST, lambda good: [chunked(good, end=b"")])
    yield Answer("chunks", "half of the last chunk", LOST, lambda good: [chunked(good, end=b"0\r\n")])
    yield Answer("chunks", "no last chunk, and hangs", LOST, lambda good: [chunked(good, end=b"")], HANG)
    yield Answer("chunks", "line feeds only", EITHER, lambda good: [chunked(good).replace(b"\r\n", b"\n")])
    yield Answer("chunks", "single bytes", GOOD, lambda good: [chunked(good, 1)], KEEP)
    extension = head(200, "Transfer-Encoding: chunked") + b"2;" + b"x" * 50_000 + b"\r\n{}\r\n0\r\n\r\n"
    yield fixed("chunks", "an extension of 50 KB", DATA, extension)


def _pauses() -> Iterator[Answer]:
    absurd = (
        "99999999999999999999",
        "1" + "0" * 5000,
        "-5",
        "1e3",
        "soon",
        "\xb2",
        "",
        "21 Oct 99999999999 07:28 GMT",
        "Wed, 21 Oct 9999 07:28:00 +9999",
        "Wed, 99 Foo 2015 99:99:99 GMT",
        "Wed, 21 Oct 2015 07:28:00 " + "9" * 5000,
        "Mon, 01 Jan 0000 00:00:00 -0000",
        "0, 0",
        ",",
        "(" * 20_000,
    )
    for value in absurd:
        yield fixed("pause", f"429 {value[:30]!r}", LIMITED, response(b"", 429, f"Retry-After: {value}"), KEEP)
    for value in absurd[:9]:
        yield fixed("pause", f"503 {value[:30]!r}", FAILED, response(b"", 503, f"Retry-After: {value}"), KEEP)
    yield fixed("pause", "403 of an hour", LIMITED, response(b"", 403, "Retry-After: 3600"), KEEP)
    yield fixed("pause", "400 soon", REFUSED, response(b"", 400, "Retry-After: soon"), KEEP)
    yield fixed("pause", "two pauses", LIMITED, response(b"", 429, "Retry-After: 0", "Retry-After: 9"), KEEP)


def locations() -> list[str]:
    """Return addresses that a redirect may name."""
    label = "x" * 64
    return [
        "http://[bad",
        "http://",
        "//",
        "http://:80/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        f"http://{label}.example.com/",
        f"http://{'x.' * 200}example.com/",
        "http://\xff.example.com/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0x7f.1/",
        "http://[::ffff:10.0.0.1]/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "javascript:x",
        "",
        "x" * 60_000,
    ]


def _redirects() -> Iterator[Answer]:
    for location in locations():
        yield fixed("redirect", f"302 {location[:30]!r}", REFUSED, response(b"", 302, f"Location: {location}"), KEEP)
    yield fixed("redirect", "two places", REFUSED, response(b"", 307, "Location: /a", "Location: /b"), KEEP)


def _breaks() -> Iterator[Answer]:
    body = b'{"id":1'
    parts = {
        "before the head": b"",
        "in the status line": b"HTTP/1.",
        "in the head": b"HTTP/1.1 200 OK\r\nContent-Le",
        "after the head": head(200, "Content-Length: 50"),
        "in the body": head(200, "Content-Length: 50") + body,
        "in a chunk": head(200, "Transfer-Encoding: chunked") + b"50\r\n" + body,
        "after an interim response": head(103),
    }
    for name, data in parts.items():
        for ending in (CLOSE, RESET, HANG):
            yield fixed("break", f"{ending.name} {name}", LOST, data, ending)
    yield fixed("break", "DRIP in the status line", LOST, b"HTTP/1.1 200 ", DRIP)
    yield fixed("break", "DRIP in the head", LOST, b"HTTP/1.1 200 OK\r\nX: ", DRIP)
    yield fixed("break", "DRIP in the body", LOST, head(200, "Content-Length: 100000"), DRIP)
    yield fixed("break", "DRIP without a length", LOST, head(200), DRIP)
    yield Answer("break", "RESET after the body", EITHER, lambda good: [response(good)], RESET)
