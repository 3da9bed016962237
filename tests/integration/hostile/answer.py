"""One hostile answer of CallFire's server, and what it means for a request."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

Pieces = Callable[[bytes], Iterable[bytes]]


class Meaning(StrEnum):
    """What the connector can know from an answer. The table in docs/errors.md has the outcomes."""

    GOOD = "a success with the data of the operation"
    EMPTY = "a success without a body"
    DATA = "a success with any JSON: it may be the data of the operation"
    NOT_JSON = "a success without usable data"
    REFUSED = "a rejection: the request was not executed"
    LIMITED = "a rate limit: the request was not executed"
    FAILED = "an error of the server: the request may have been executed"
    LOST = "no usable response: the request may have been executed"
    EITHER = "invalid HTTP that may be understood: GOOD or LOST"


class Ending(StrEnum):
    """What the server does after the last byte."""

    KEEP = "wait for the next request"
    CLOSE = "close the connection"
    RESET = "reset the connection"
    HANG = "send nothing more"
    DRIP = "send single bytes without end"


@dataclass(frozen=True)
class Answer:
    """An answer. `pieces` returns its bytes, given a good body of the operation.

    The class `kind` and the name are for the report.
    """

    kind: str
    name: str
    meaning: Meaning
    pieces: Pieces
    ending: Ending = Ending.CLOSE


def head(status: int | str = 200, *headers: str | bytes, version: str = "HTTP/1.1", reason: str = "Odd") -> bytes:
    """Return the head of a response with exactly these headers."""
    lines = [f"{version} {status} {reason}".encode("latin-1")]
    lines += [line if isinstance(line, bytes) else line.encode("latin-1") for line in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def response(body: bytes, status: int | str = 200, *headers: str | bytes) -> bytes:
    """Return a response with its Content-Length."""
    return head(status, f"Content-Length: {len(body)}", *headers) + body


def chunked(body: bytes, size: int = 7, *, end: bytes = b"0\r\n\r\n") -> bytes:
    """Return a response in chunks."""
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    return head(200, "Transfer-Encoding: chunked") + chunks + end


def fixed(kind: str, name: str, meaning: Meaning, data: bytes, ending: Ending | None = None) -> Answer:
    """Return an answer that always has the same bytes.

    By default, the connection stays open after a complete response, because its close would hit the next request.
    """
    is_complete = meaning not in {Meaning.LOST, Meaning.EITHER}
    return Answer(kind, name, meaning, lambda _: [data], ending or (Ending.KEEP if is_complete else Ending.CLOSE))


def framed(kind: str, name: str, meaning: Meaning, *headers: str | bytes, line: str = "HTTP/1.1 200 OK") -> Answer:
    """Return an answer with a good body, its Content-Length, further headers, and any status line."""

    def pieces(good: bytes) -> Iterable[bytes]:
        version, _, rest = line.partition(" ")
        status, _, reason = rest.partition(" ")
        return [head(status, f"Content-Length: {len(good)}", *headers, version=version, reason=reason) + good]

    return Answer(kind, name, meaning, pieces, Ending.KEEP)
