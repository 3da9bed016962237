"""Requests to one server. The client writes a request once; the caller decides by the failure whether to repeat it.

Deadlines are times of the monotonic clock. Each socket operation gets the remaining time. A peer that sends single
bytes therefore cannot extend a deadline.
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from elasticio.http.connecting import Guard, Route, connect
from elasticio.http.failures import HttpFailure, NotWritten, Unanswered
from elasticio.http.http_connection import Connection
from elasticio.http.proxies import proxy_for
from elasticio.http.response import HttpResponse, HttpStream

MAX_BODY = 32 * 1024 * 1024  # bytes of a response after decompression
_BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})

Body = bytes | Iterable[bytes] | None


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
