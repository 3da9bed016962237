"""Requests to CallFire: one client per thread and credential, with retries where they are safe.

`client_for` keeps the clients of a thread between messages, so that their connections are reused.
"""

import base64
import codecs
import json
import logging
import random
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from elasticio import HttpClient, HttpFailure, HttpResponse, HttpStream

from lib.callfire import clock, exact_json
from lib.callfire.api import error_mapping
from lib.callfire.api.credentials import Credentials
from lib.callfire.api.errors import InvalidSettings, Temporary, free_texts
from lib.callfire.api.paging import DEFAULT_PAGE_SIZE, Page, is_page, walk
from lib.callfire.api.timeout import CONNECT_TIMEOUT, DEFAULT_TIMEOUT, request_timeout
from lib.callfire.form import Config

VERSION = "0.1.0"
TRIES = 4
FIRST_PAUSE = 0.5  # seconds; doubled with each retry and randomized, so that steps do not retry at the same time
LONGEST_PAUSE = 20.0  # seconds; instead of a longer pause, the platform redelivers the message
_CLIENTS_A_THREAD = 8

Query = Mapping[str, Any] | Sequence[tuple[str, Any]]

log = logging.getLogger(__name__)
_ANY_SIZE = 1 << 62  # bytes; the reader of a stream limits the size
_DEFAULTS = {"Accept": "application/json", "Accept-Encoding": "gzip"}
_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * 16  # 2^53 has 16 digits
_DEEPEST = 200  # levels of nested JSON; more could not be encoded again
_CHARSET = re.compile(r"charset=\"?([\w.:-]{1,40})", re.IGNORECASE)
# Not the other codecs of Python: they are slow (punycode, idna) or not charsets (unicode_escape, zlib).
_INTERNET_CHARSET = re.compile(
    r"ascii|utf-(8|16|32)(-[bl]e|-sig)?|iso8859.*|cp\d+|koi8.*|big5.*|gb.*|euc.*|shift_jis.*|hz"
)


@dataclass(frozen=True, slots=True)
class StreamedBody:
    """A request body that is produced while it is sent. `size` is in bytes, None if unknown."""

    pieces: Iterable[bytes]
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One encoded request.

    method, path   HTTP method, and the escaped path below the server's
    what           name of the operation in errors, without values
    query          escaped query without the question mark
    body           bytes, or a function that returns a new stream for each attempt
    repeatable     two executions have the same effect as one
    stream         the caller reads and closes the response
    accepted       statuses other than 2xx that are not errors
    text           a response that is not JSON is returned as text
    shape          required shape of the decoded response. Default: any
    """

    method: str
    path: str
    what: str
    query: str = ""
    body: bytes | Callable[[], StreamedBody] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = False
    stream: bool = False
    accepted: tuple[int, ...] = ()
    text: bool = False
    shape: "AnswerShape | None" = None


@dataclass(frozen=True, slots=True)
class AnswerShape:
    """The required shape of a decoded response.

    kinds       allowed types: dict, list, bool, or NoneType for an empty body
    lists       properties of an object that must be lists, or missing: `fields` selects properties
    null_lists  whether null means an empty list: true for pages, false for the results of a write
    """

    kinds: tuple[type, ...]
    lists: tuple[str, ...] = ()
    null_lists: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful response. `value` is the decoded JSON, None for an empty body; `raw` is the HTTP response."""

    status: int
    value: Any
    raw: HttpResponse | HttpStream = field(repr=False)

    @property
    def stream(self) -> HttpStream:
        """The unread response to a request with `stream`. Raises TypeError for any other request."""
        if not isinstance(self.raw, HttpStream):
            raise TypeError("the request did not request a stream")
        return self.raw


class Client:
    """Sends requests to one server with one credential. Must be used by one thread at a time."""

    def __init__(self, credentials: Credentials, timeout: float = DEFAULT_TIMEOUT) -> None:
        """Create a client; the first request connects. `timeout` limits each request in seconds."""
        self.credentials = credentials
        self.timeout = timeout

    @cached_property
    def _http(self) -> HttpClient:
        login = {"Authorization": self._authorization, "User-Agent": f"callfire-connector/{VERSION}"}
        try:
            return HttpClient(
                self.credentials.server, timeout=self.timeout, connect_timeout=CONNECT_TIMEOUT, headers=login
            )
        except ValueError as error:
            raise InvalidSettings(f"server: {error}.") from None

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """The texts that must not appear in errors: password, login, and the Authorization header."""
        token = self._authorization.partition(" ")[2]
        return (token, token.rstrip("="), self.credentials.password, self.credentials.username)

    @cached_property
    def _authorization(self) -> str:
        login = f"{self.credentials.username}:{self.credentials.password}".encode()
        return "Basic " + base64.b64encode(login).decode("ascii")

    def call(self, request: Request, *, tries: int = TRIES) -> Answer:
        """Send a request with retries where they are safe. Raises a `CallFireError` if all attempts fail."""
        for attempt in range(1, tries + 1):
            result = self._once(request)
            if isinstance(result, Answer):
                return result
            pause = _pause(attempt, result.error)
            if not result.again or attempt == tries or pause > LONGEST_PAUSE:
                raise result.error
            log.info("Retrying %s: attempt=%d of %d failed, next_in=%.1fs", request.what, attempt, tries, pause)
            clock.sleep(pause)
        raise AssertionError("tries must be at least 1")

    def get(self, path: str, query: Query = (), *, what: str = "", tries: int = TRIES) -> Any:
        """Return the decoded JSON of a GET, None for an empty body.

        `path` is escaped and below the server's. `what` names the operation in errors if the path contains values, e.g.
        "GET /contacts/{id}". Raises a `CallFireError`.
        """
        request = Request("GET", path, what or f"GET {path}", query=urlencode(query, quote_via=quote), repeatable=True)
        return self.call(request, tries=tries).value

    def pages(
        self, path: str, query: Query = (), *, size: int = DEFAULT_PAGE_SIZE, tries: int = TRIES
    ) -> Iterator[Page]:
        """Yield the pages of a list as `paging.walk` does. `query` has the filters.

        A response that is a bare list becomes one page. A response that is no page raises `Unavailable`.
        """
        pairs = list(query.items() if isinstance(query, Mapping) else query)
        what = f"GET {path}"

        def fetch(limit: int, offset: int) -> Page:
            page: Page = self.get(path, [*pairs, ("limit", limit), ("offset", offset)], tries=tries)
            if isinstance(page, list):
                return {"items": page}
            if not is_page(page):  # taken for an empty page, it would prove that a text was not sent
                raise error_mapping.of_unexpected(what, 200, repeatable=True).error
            return page

        return walk(fetch, size, what=what)

    def close(self) -> None:
        """Close the connection. The next request opens a new one."""
        if "_http" in self.__dict__:
            self._http.close()

    def _once(self, request: Request) -> Answer | error_mapping.Verdict:
        try:
            response = self._write(request)
            status = response.status
            fine = 200 <= status < 300 or status in request.accepted
            if isinstance(response, HttpStream):
                if fine:
                    return Answer(status, None, response)
                with response:
                    content = response.read()
            else:
                content = response.body
        except HttpFailure as failure:
            return error_mapping.of_failure(request.what, failure, repeatable=request.repeatable, limit=self.timeout)
        decoded = _decode(content, response.headers)
        if not fine:
            return error_mapping.of_answer(
                request.what,
                status,
                response.headers,
                decoded,
                repeatable=request.repeatable,
                secrets=(*self.secrets, *_inputs(request)),
            )
        if decoded is _NOT_JSON and request.text:
            decoded = content.decode(_charset(response.headers), errors="replace")
        if decoded is _NOT_JSON:
            kind = response.headers.get("Content-Type", "")
            secrets = (*self.secrets, *_inputs(request))
            return error_mapping.of_unreadable(
                request.what, status, kind, repeatable=request.repeatable, secrets=secrets
            )
        if request.shape and not _fits(decoded, request.shape):
            return error_mapping.of_unexpected(request.what, status, repeatable=request.repeatable)
        return Answer(status, decoded, response)

    def _write(self, request: Request) -> HttpResponse | HttpStream:
        headers = {**_DEFAULTS, **request.headers}
        body: bytes | Iterable[bytes] | None
        if callable(request.body):
            streamed = request.body()
            body = streamed.pieces
            headers |= {} if streamed.size is None else {"Content-Length": str(streamed.size)}
        else:
            body = request.body
        target = f"{request.path}?{request.query}" if request.query else request.path
        if request.stream:
            return self._http.open(request.method, target, headers=headers, body=body, max_body=_ANY_SIZE)
        return self._http.request(request.method, target, headers=headers, body=body)


_NOT_JSON = object()
_CONNECTION = ("username", "password", "server", "timeout")  # fields that identify a client
_thread = threading.local()


def client_for(config: Config) -> Client:
    """Return this thread's client for a step's configuration.

    Raises `InvalidSettings` for invalid credentials or an invalid timeout.
    """
    clients: dict[tuple[Any, ...], Client] = _thread.__dict__.setdefault("clients", {})
    key = tuple(config.get(name) for name in _CONNECTION)
    try:
        known = clients.get(key)
    except TypeError:  # an unhashable value, which reading the configuration rejects
        known = None
    if known:
        return known
    client = Client(Credentials.from_config(config), request_timeout(config))
    if len(clients) >= _CLIENTS_A_THREAD:
        clients.pop(next(iter(clients))).close()
    clients[key] = client
    return client


def _decode(content: bytes, headers: Mapping[str, str]) -> Any:
    """Return the decoded JSON: None for an empty body, `_NOT_JSON` for any other format.

    Integers that JavaScript would round become text. JSON with infinite numbers or more than _DEEPEST levels is another
    format, too. The charset of the header applies only if the JSON is not UTF-8.
    """
    if not content.strip():
        return None
    try:
        text, is_utf_8 = _text(content, headers)
        # The search for long numbers in bytes is ten times as fast as a regular expression.
        is_short = is_utf_8 and _LONG_NUMBER not in content.translate(_ZEROS)
        value = exact_json.loads_short(text) if is_short else exact_json.loads(text)
    except (ValueError, RecursionError):
        return _NOT_JSON
    is_deep = text.count("[") + text.count("{") > _DEEPEST and exact_json.is_deeper(value, _DEEPEST)
    return _NOT_JSON if is_deep else value


def _text(content: bytes, headers: Mapping[str, str]) -> tuple[str, bool]:
    """Return the text of JSON, and whether it is in UTF-8. Raises ValueError for an unknown encoding."""
    encoding = json.detect_encoding(content)
    try:
        return content.decode(encoding, "surrogatepass"), encoding.startswith("utf-8")
    except UnicodeDecodeError:
        return content.decode(_charset(headers)), False


def _inputs(request: Request) -> Iterator[str]:
    """Yield the texts of a request that its error must not quote."""
    yield from free_texts([value for _, value in parse_qsl(request.query)])
    if isinstance(request.body, bytes):
        with suppress(ValueError, RecursionError):  # not JSON
            yield from free_texts(json.loads(request.body))


def _fits(value: Any, shape: AnswerShape) -> bool:
    """Return whether a decoded response has a shape."""
    if not isinstance(value, shape.kinds):
        return False
    if isinstance(value, dict):
        lists = (value.get(name, []) for name in shape.lists)
        return all(isinstance(items, list) or (items is None and shape.null_lists) for items in lists)
    return True


def _charset(headers: Mapping[str, str]) -> str:
    """Return the charset of the Content-Type, or UTF-8 if it is missing, unknown or not a charset of the Internet."""
    if named := _CHARSET.search(headers.get("Content-Type", "")):
        with suppress(LookupError):
            known = codecs.lookup(named[1]).name
            return known if _INTERNET_CHARSET.fullmatch(known) else "utf-8"
    return "utf-8"


def _pause(attempt: int, error: Exception) -> float:
    if isinstance(error, Temporary) and error.retry_after is not None:
        return error.retry_after
    return FIRST_PAUSE * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.0)  # noqa: S311 (spreads load, guards nothing)
