"""Requests to one server. The client writes a request once; the caller decides by the failure whether to repeat it.

Deadlines are times of the monotonic clock. Each socket operation gets the remaining time. A peer that sends single
bytes therefore cannot extend a deadline.
"""

import select
import socket
import time
import weakref
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from elasticio.http.connecting import SHORTEST, Guard, Route, connect
from elasticio.http.failures import HttpFailure, NotWritten, Unanswered, reason_of
from elasticio.http.proxies import proxy_for
from elasticio.http.response import HttpResponse, HttpStream

MAX_BODY = 32 * 1024 * 1024  # bytes of a response after decompression
MIN_SPEED = 10 * 1024  # bytes per second at which a streamed body must be written
_RECEIVE = 65_536  # bytes
_BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})

Body = bytes | Iterable[bytes] | None


class Connection:
    """A connected socket. `used` is the time of its last release, on the monotonic clock."""

    __slots__ = ("__weakref__", "_socket", "close", "used")

    def __init__(self, stream: socket.socket) -> None:
        self._socket = stream
        self.used = 0.0
        self.close = weakref.finalize(self, stream.close)  # also runs when the client is garbage collected

    def is_fresh(self) -> bool:
        """Return whether an idle connection is usable: the peer has neither closed it nor sent data on it."""
        try:
            ready, _, _ = select.select([self._socket], [], [], 0)
        except (OSError, ValueError):
            return False
        return not ready

    def write(self, pieces: Iterable[bytes], deadline: float, *, is_stream: bool = False) -> None:
        """Write all pieces. Raises NotWritten for an incomplete request. Errors of the iterator pass through.

        Each written byte of a stream extends the deadline by the time for one byte at MIN_SPEED, up to the initial
        time limit. Time spent waiting for the next piece does not count.

        A peer may respond and close before it has read the whole request. The caller then reads that response.
        """
        left = most = deadline - time.monotonic()
        for piece in pieces:
            view = memoryview(piece)
            try:
                while view:
                    started = time.monotonic()
                    self._socket.settimeout(max(left, SHORTEST))
                    written = self._socket.send(view)
                    view = view[written:]
                    left -= time.monotonic() - started
                    if is_stream:
                        left = min(left + written / MIN_SPEED, most)
            except TimeoutError:
                raise NotWritten("the request could not be written in time", timed_out=True) from None
            except OSError as error:
                raise NotWritten(f"the connection broke ({reason_of(error)})") from None

    def read(self, deadline: float) -> bytes:
        """Return the next bytes, empty at the end. Raises Unanswered after the deadline or if the connection breaks."""
        try:
            self._socket.settimeout(max(deadline - time.monotonic(), SHORTEST))
            return self._socket.recv(_RECEIVE)
        except TimeoutError:
            raise Unanswered("no response in time", timed_out=True) from None
        except OSError as error:
            raise Unanswered(f"the connection broke ({reason_of(error)})") from None


class HttpClient:
    """An HTTP/1.1 client for the server of `base`, an http:// or https:// address. Threads may share it.

    timeout          seconds for a whole request: connecting, writing, and reading the response to its last byte
    connect_timeout  seconds for connecting alone, at most `timeout`
    idle_limit       seconds after which an idle connection is not used again: routers forget idle connections
    headers          sent with each request, e.g. Authorization; names and values must not contain line breaks
    max_body         maximum bytes of a response after decompression
    guard            returns the addresses of a host to which the client may connect

    An iterable body may exceed `timeout` if it is written at MIN_SPEED or faster. The time limit of its response
    starts after the body.

    The environment names proxies and certificate authorities. Requests to loopback use no proxy. The client does not
    follow redirects and keeps no cookies. Raises ValueError for an invalid address.
    """

    def __init__(
        self,
        base: str,
        *,
        timeout: float,
        connect_timeout: float = 10.0,
        idle_limit: float = 30.0,
        headers: Mapping[str, str] | None = None,
        max_body: int = MAX_BODY,
        guard: Guard | None = None,
    ) -> None:
        parts = urlsplit(base)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("the address must begin with http:// or https:// and name a host")
        tls = parts.scheme == "https"
        port = parts.port or (443 if tls else 80)
        self._route = Route(parts.hostname, port, tls, proxy_for(parts.scheme, parts.hostname, port), guard)
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        netloc = f"{host}:{parts.port}" if parts.port else host
        self._absolute = f"http://{netloc}" if self._route.proxy and not tls else ""
        self._prefix = parts.path.rstrip("/")
        proxy = self._route.proxy
        login = {"Proxy-Authorization": proxy.authorization} if self._absolute and proxy and proxy.authorization else {}
        self._constant = _lines({"Host": netloc, **(headers or {}), **login})
        self._timeout = timeout
        self._connect_timeout = min(connect_timeout, timeout)
        self._idle_limit = idle_limit
        self._max_body = max_body
        self._idle: deque[Connection] = deque()  # append and pop are atomic

    def request(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Body = None,
        max_body: int | None = None,
    ) -> HttpResponse:
        """Send one request and return the complete response with any status; raises HttpFailure.

        `target` is the escaped path and query below `base`. An iterable body is sent in chunks unless `headers`
        contains its Content-Length. `timeout` limits the whole exchange.
        """
        return self._send(method, target, headers, body, max_body or self._max_body, in_all=True).whole()

    def open(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Body = None,
        max_body: int | None = None,
    ) -> HttpStream:
        """Send one request and return the response as soon as its head has been read; raises HttpFailure.

        `timeout` limits the time until the head is complete, and then the time for each piece of content.
        """
        return self._send(method, target, headers, body, max_body or self._max_body, in_all=False)

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().close()

    def _send(
        self, method: str, target: str, headers: Mapping[str, str] | None, body: Body, max_body: int, *, in_all: bool
    ) -> HttpStream:
        """Write a request and read the head of its response. `in_all`: the time limit includes the body."""
        deadline = time.monotonic() + self._timeout
        pieces = self._pieces(method, target, headers, body)
        connection = self._connection(deadline)
        try:
            is_stream = body is not None and not isinstance(body, bytes)
            broken = _write(connection, pieces, deadline, is_stream=is_stream)
            if is_stream:
                deadline = time.monotonic() + self._timeout
            limit = _TimeLimit(connection, deadline, self._timeout)
            try:
                stream = HttpStream(
                    limit.read,
                    lambda reusable: self._release(connection, reusable=reusable),
                    is_head=method == "HEAD",
                    max_body=max_body,
                )
            except Unanswered:
                if broken is not None:
                    raise broken from None  # and no early response: the server cannot have the whole request
                raise
        except BaseException:
            connection.close()
            raise
        if not in_all:
            stream.renew = limit.renew
        return stream

    def _connection(self, deadline: float) -> Connection:
        oldest = time.monotonic() - self._idle_limit
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:
                break
            if connection.used >= oldest and connection.is_fresh():
                return connection
            connection.close()
        return Connection(connect(self._route, min(deadline, time.monotonic() + self._connect_timeout)))

    def _release(self, connection: Connection, *, reusable: bool) -> None:
        if reusable:
            connection.used = time.monotonic()
            self._idle.append(connection)
        else:
            connection.close()

    def _pieces(self, method: str, target: str, headers: Mapping[str, str] | None, body: Body) -> Iterable[bytes]:
        own = _lines(headers) if headers else ""
        line = f"{method} {self._absolute}{self._prefix}{target} HTTP/1.1\r\n{self._constant}{own}"
        if body is None:
            return ((line + ("Content-Length: 0\r\n\r\n" if method in _BODY_METHODS else "\r\n")).encode("latin-1"),)
        if isinstance(body, bytes):
            return (f"{line}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body,)
        if headers and any(name.lower() == "content-length" for name in headers):
            return _streamed(f"{line}\r\n".encode("latin-1"), body)
        return _chunked(f"{line}Transfer-Encoding: chunked\r\n\r\n".encode("latin-1"), body)


class _TimeLimit:
    """The time limit of a response: a deadline, which `renew` moves to `silence` seconds from now."""

    __slots__ = ("_connection", "_deadline", "_silence")

    def __init__(self, connection: Connection, deadline: float, silence: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._silence = silence

    def read(self) -> bytes:
        return self._connection.read(self._deadline)

    def renew(self) -> None:
        self._deadline = time.monotonic() + self._silence


def _write(connection: Connection, pieces: Iterable[bytes], deadline: float, *, is_stream: bool) -> HttpFailure | None:
    """Write a request. Returns the failure if the peer closed early: it may have responded before that."""
    try:
        connection.write(pieces, deadline, is_stream=is_stream)
    except NotWritten as failure:
        if failure.timed_out:
            raise
        return failure
    return None


def _lines(headers: Mapping[str, str]) -> str:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    if lines.count("\n") != len(headers) or lines.count("\r") != len(headers) or "\0" in lines:
        raise ValueError("a header must not contain line breaks")
    return lines


def _streamed(head: bytes, body: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    yield from body


def _chunked(head: bytes, body: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    for piece in body:
        if piece:
            yield b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"
