"""An answer while it is read. httptools parses it; sizes and time are bounded here.

Interim answers (1xx) are passed over. An answer without a length ends with the connection. Whatever breaks off, does
not parse or exceeds a limit is `Unanswered`: the request was written, and what it came to is not known from the answer.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import httptools

from elasticio.http.failures import TooLarge, Unanswered

MAX_HEAD = 131_072  # bytes, interim answers included
_PIECE = 65_536
_BODILESS = frozenset({204, 304})


class HttpHeaders(Mapping[str, str]):
    """The headers of an answer, found by their names in any case; values of a repeated header are joined by commas.

    Iteration gives lower-case names.
    """

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer."""

    status: int
    headers: HttpHeaders
    body: bytes = field(repr=False)


class _Parse:
    """What httptools calls while it parses one answer."""

    __slots__ = ("body", "complete", "headers", "headers_complete", "is_head", "parser", "status", "surplus")

    def __init__(self, *, is_head: bool) -> None:
        self.is_head = is_head
        self.parser = httptools.HttpResponseParser(self)
        self.headers: dict[str, str] = {}
        self.body: list[bytes] = []
        self.status = 0
        self.headers_complete = False
        self.complete = False
        self.surplus = False

    def on_message_begin(self) -> None:
        if self.complete:
            self.surplus = True

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.complete:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            self.headers[key] = f"{self.headers[key]}, {text}" if key in self.headers else text

    def on_headers_complete(self) -> None:
        if self.complete:
            return
        status = self.parser.get_status_code()
        if 100 <= status < 200 and status != 101:
            self.headers.clear()
            return
        self.status = status
        self.headers_complete = True
        if self.is_head or status in _BODILESS:
            self.complete = True

    def on_body(self, data: bytes) -> None:
        if self.complete:
            self.surplus = True
        else:
            self.body.append(data)

    def on_message_complete(self) -> None:
        if self.headers_complete:
            self.complete = True


class HttpStream:
    """An answer whose head has been read; its body still comes. Use it in `with`, or close it.

    `size` is the body's length in bytes where the server tells it, None otherwise or where the body is compressed.
    `read` returns up to so many bytes, fewer only at the end, and raises Unanswered where the body breaks off, does not
    parse, exceeds `max_body` bytes after decompression, or is not received in time.

    `receive` returns the next bytes of the connection, none at its end. `release` is called once, when the stream is
    closed, with whether the connection may be used for another request.
    """

    def __init__(
        self,
        receive: Callable[[], bytes],
        release: Callable[[bool], None],
        *,
        is_head: bool,
        max_body: int,
    ) -> None:
        self._receive = receive
        self._release: Callable[[bool], None] | None = release
        self._max_body = max_body
        self._parse = _Parse(is_head=is_head)
        self._decompress: zlib._Decompress | None = None
        self._ready = b""
        self._count = 0
        self._read_head()
        self.status = self._parse.status
        self.headers = HttpHeaders(self._parse.headers)
        self._begin_body()

    @property
    def size(self) -> int | None:
        """The body's length in bytes, None where it is not known."""
        length = self.headers.get("content-length", "")
        return int(length) if self._decompress is None and length.isascii() and length.isdigit() else None

    def __enter__(self) -> "HttpStream":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.read(_PIECE), b"")

    def whole(self) -> HttpAnswer:
        """Read the rest of the body, close the stream and return all as one answer."""
        with self:
            return HttpAnswer(self.status, self.headers, self.read())

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, all that is left for -1."""
        wanted = self._max_body + 1 if size < 0 else size
        pieces, length = [self._ready], len(self._ready)
        while length < wanted and (piece := self._next_piece()):
            pieces.append(piece)
            length += len(piece)
        data = b"".join(pieces)
        self._ready = data[wanted:]
        return data[:wanted]

    def read1(self, size: int) -> bytes:
        """Return up to `size` bytes as soon as there are any, none at the end."""
        data = self._ready or self._next_piece()
        self._ready = data[size:]
        return data[:size]

    def close(self) -> None:
        """Give the connection back where the answer was read to its end; close it otherwise."""
        release, self._release = self._release, None
        if release is not None:
            release(self._may_be_reused())

    def _read_head(self) -> None:
        count = 0
        while not self._parse.headers_complete:
            count += self._feed(required=True)
            if count > MAX_HEAD and not self._parse.headers_complete:
                raise Unanswered(f"the head of the answer exceeds {MAX_HEAD} bytes")

    def _begin_body(self) -> None:
        encoding = self.headers.get("content-encoding", "identity").strip().lower()
        if encoding in {"gzip", "x-gzip"}:
            self._decompress = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._is_readable = self._decompress is not None or encoding in {"identity", ""}
        length = self.headers.get("content-length", "")
        if self._decompress is None and length.isdigit() and int(length) > self._max_body and not self._parse.complete:
            raise self._too_large()

    def _next_piece(self) -> bytes:
        """Return the next bytes of the body, empty at its end."""
        while True:
            if self._decompress is not None and self._decompress.unconsumed_tail:
                data = self._decompress.unconsumed_tail
            elif self._parse.body:
                data = b"".join(self._parse.body)
                self._parse.body.clear()
            elif self._parse.complete:
                return self._end_of_body()
            else:
                self._feed(required=False)
                continue
            if piece := self._decoded(data):
                self._count += len(piece)
                if self._count > self._max_body:
                    raise self._too_large()
                return piece

    def _decoded(self, data: bytes) -> bytes:
        if not self._is_readable:
            raise self._unanswered("the answer has an unknown content encoding")
        if self._decompress is None:
            return data
        try:
            return self._decompress.decompress(data, _PIECE)
        except zlib.error:
            raise self._unanswered("the answer is not valid gzip") from None

    def _end_of_body(self) -> bytes:
        if self._decompress is not None and not self._decompress.eof and (self._count or self._fed_any()):
            raise self._unanswered("the answer is not valid gzip")
        return b""

    def _fed_any(self) -> bool:
        return self.headers.get("content-length", "1") != "0"

    def _feed(self, *, required: bool) -> int:
        """Read once and parse; returns the number of bytes. At the end of the connection the answer must be whole."""
        if self._release is None:
            raise self._unanswered("the answer is closed")
        try:
            data = self._receive()
        except Unanswered as failure:
            failure.status = self._parse.status or None
            raise
        if not data:
            self._ended(required=required)
            return 0
        try:
            self._parse.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            raise self._unanswered("the server switched to another protocol") from None
        except httptools.HttpParserError:
            if not self._parse.complete:
                raise self._unanswered("the answer is not valid HTTP") from None
            self._parse.surplus = True
        return len(data)

    def _ended(self, *, required: bool) -> None:
        has_length = "content-length" in self._parse.headers or "transfer-encoding" in self._parse.headers
        if required or has_length:
            raise self._unanswered("the connection was closed before the answer was complete")
        self._parse.complete = True
        self._parse.surplus = True  # the connection is at its end: it cannot be used again

    def _may_be_reused(self) -> bool:
        parse = self._parse
        tokens = parse.headers.get("connection", "").lower()
        lasts = "close" not in tokens and (parse.parser.get_http_version() == "1.1" or "keep-alive" in tokens)
        return parse.complete and not parse.surplus and not parse.body and lasts

    def _too_large(self) -> TooLarge:
        return TooLarge(f"the answer exceeds {self._max_body} bytes", status=self._parse.status or None)

    def _unanswered(self, reason: str) -> Unanswered:
        return Unanswered(reason, status=self._parse.status or None)
