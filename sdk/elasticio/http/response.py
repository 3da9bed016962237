"""A response while it is read. httptools parses it; this module limits its size.

Interim responses (1xx) are ignored. A response without a length ends with the connection. A response that breaks off,
is invalid or exceeds a limit raises `Unanswered`. The outcome of its request is unknown. Trailers are ignored.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import httptools

from elasticio.http.failures import TooLarge, Unanswered

MAX_HEAD = 131_072  # bytes, interim responses included; also of everything after the head that is not content
_PIECE = 65_536
_BODILESS = frozenset({204, 304})


class HttpHeaders(Mapping[str, str]):
    """The headers of a response, a read-only mapping. Names are case-insensitive: `headers["Content-Type"]`.

    The values of a repeated header are joined by commas. Iteration yields lower-case names.
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
class HttpResponse:
    """A complete response.

    status   the HTTP status, e.g. 200; no status raises an error
    headers  the headers
    body     the content in bytes, decompressed
    """

    status: int
    headers: HttpHeaders
    body: bytes = field(repr=False)


class _Parse:
    """The callbacks of httptools for one response, and the parts that are parsed so far."""

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
        if not self.headers_complete:  # otherwise a trailer
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            self.headers[key] = f"{self.headers[key]}, {text}" if key in self.headers else text

    def on_headers_complete(self) -> None:
        if self.complete:
            return
        status = self.parser.get_status_code()
        if status < 100 or status == 101:  # the latter answers only a request for another protocol
            raise ValueError(status)  # httptools stops parsing
        if status < 200:
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
    """A response whose head has been read and whose body has not. Use it in `with`, or close it.

    status   the HTTP status, e.g. 200; no status raises an error
    headers  the headers

    Reading raises Unanswered if the body breaks off, is invalid, exceeds `max_body` bytes after decompression, or is
    not received in time.
    """

    # `receive` returns the next bytes of the connection, empty at its end. Closing the stream calls `release` once. Its
    # argument tells whether another request may use the connection. `renew` is called before each piece of the body,
    # for time limits that refer to a piece.
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
        self.renew: Callable[[], None] | None = None
        self._parse = _Parse(is_head=is_head)
        self._decompress: zlib._Decompress | None = None
        self._ready = b""
        self._count = 0
        self._overhead = 0  # bytes after the head without content
        self._read_head()
        self.status = self._parse.status
        self.headers = HttpHeaders(self._parse.headers)
        self._begin_body()

    @property
    def size(self) -> int | None:
        """The body's length in bytes; None if the server does not send it or compresses the body."""
        length = self.headers.get("content-length", "")
        return int(length) if self._decompress is None and length.isascii() and length.isdigit() else None

    def __enter__(self) -> "HttpStream":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.read(_PIECE), b"")

    def whole(self) -> HttpResponse:
        """Read the rest of the body, close the stream and return the complete response."""
        with self:
            return HttpResponse(self.status, self.headers, self.read())

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, fewer only at the end; -1 reads the rest."""
        wanted = self._max_body + 1 if size < 0 else size
        pieces, length = [self._ready], len(self._ready)
        while length < wanted and (piece := self._next_piece()):
            pieces.append(piece)
            length += len(piece)
        data = b"".join(pieces)
        self._ready = data[wanted:]
        return data[:wanted]

    def read1(self, size: int) -> bytes:
        """Return up to `size` bytes as soon as any are available, empty at the end."""
        data = self._ready or self._next_piece()
        self._ready = data[size:]
        return data[:size]

    def close(self) -> None:
        """Release the connection. Only a response that was read to its end lets another request use it."""
        release, self._release = self._release, None
        if release is not None:
            release(self._may_be_reused())

    def _read_head(self) -> None:
        count = 0
        while not self._parse.headers_complete:
            count += self._feed(required=True)
            if count > MAX_HEAD and not self._parse.headers_complete:
                raise Unanswered(f"the head of the response exceeds {MAX_HEAD} bytes")

    def _begin_body(self) -> None:
        encoding = self.headers.get("content-encoding", "identity").strip().lower()
        if encoding in {"gzip", "x-gzip"}:
            self._decompress = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._is_readable = self._decompress is not None or encoding in {"identity", ""}
        length = self.headers.get("content-length", "")
        if self._decompress is None and length.isdigit() and int(length) > self._max_body and not self._parse.complete:
            raise self._too_large()

    def _next_piece(self) -> bytes:
        """Return the next decompressed bytes of the body, empty at its end."""
        if self.renew is not None:
            self.renew()
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
            raise self._unanswered("the response has an unknown content encoding")
        if self._decompress is None:
            return data
        if self._decompress.eof:
            piece = b""
        else:
            try:
                piece = self._decompress.decompress(data, _PIECE)
            except zlib.error:
                raise self._unanswered("the response is not valid gzip") from None
        if not piece:
            self._count_overhead(len(data))
        return piece

    def _count_overhead(self, size: int) -> None:
        """Count bytes after the head that have no content, e.g. trailers: they must not make a response endless."""
        self._overhead += size
        if self._overhead > MAX_HEAD:
            raise self._unanswered(f"the response has more than {MAX_HEAD} bytes without content")

    def _end_of_body(self) -> bytes:
        if self._decompress is not None and not self._decompress.eof and (self._count or self._fed_any()):
            raise self._unanswered("the response is not valid gzip")
        return b""

    def _fed_any(self) -> bool:
        return self.headers.get("content-length", "1") != "0"

    def _feed(self, *, required: bool) -> int:
        """Read once and parse; returns the number of bytes. The response must be complete when the connection ends."""
        if self._release is None:
            raise self._unanswered("the response is closed")
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
                raise self._unanswered("the response is not valid HTTP") from None
            self._parse.surplus = True
        if not (required or self._parse.body or self._parse.complete):
            self._count_overhead(len(data))
        return len(data)

    def _ended(self, *, required: bool) -> None:
        has_length = "content-length" in self._parse.headers or "transfer-encoding" in self._parse.headers
        if required or has_length:
            raise self._unanswered("the connection was closed before the response was complete")
        self._parse.complete = True
        self._parse.surplus = True  # the connection has ended: no request can use it

    def _may_be_reused(self) -> bool:
        parse = self._parse
        tokens = parse.headers.get("connection", "").lower()
        lasts = "close" not in tokens and (parse.parser.get_http_version() == "1.1" or "keep-alive" in tokens)
        return parse.complete and not parse.surplus and not parse.body and lasts

    def _too_large(self) -> TooLarge:
        return TooLarge(f"the response exceeds {self._max_body} bytes", status=self._parse.status or None)

    def _unanswered(self, reason: str) -> Unanswered:
        return Unanswered(reason, status=self._parse.status or None)
