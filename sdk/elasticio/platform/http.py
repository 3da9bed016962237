"""HTTP as the runtime uses it.

- A login reaches only the host that it is meant for.
- Only requests that may be repeated are repeated.
- A request to this machine never goes through a proxy.
- Size and time of an answer are bounded, also if the server sends one byte at a time.
- No error carries a URL: its path and query may hold a credential.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any, Protocol, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from requests.utils import get_auth_from_url
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from elasticio.errors import PlatformError
from elasticio.platform import limits
from elasticio.version import __version__

Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest]

# requests does not convert all errors of urllib3 and http.client.
FAILURES = (requests.RequestException, HTTPError, HTTPException, OSError)
CHUNK = 64 * 1024  # bytes

_CONNECTIONS = 100  # kept open for each host; at most as many messages are processed at a time
_SCHEMES = ("http", "https")


class Session(requests.Session):
    """A session that sends the given login, else the one in the URL itself.

    Unlike its base class it never takes one from ~/.netrc. Proxies and certificates come from the environment as usual.
    It follows no redirects, see `get`.
    """

    def __init__(self, auth: Auth | None = None, adapter: HTTPAdapter | None = None) -> None:
        super().__init__()
        self.auth = auth or _login_of_url
        self.headers["User-Agent"] = f"elasticio-sdk/{__version__}"
        for scheme in _SCHEMES:
            self.mount(f"{scheme}://", adapter or Adapter())

    def get_redirect_target(self, _resp: requests.Response) -> None:
        """Return None for every answer. The base class would read the whole body of a redirect, whatever its size."""


class Adapter(HTTPAdapter):
    """Connections whose answers must begin within ANSWER_TIME. No proxy is asked for this machine."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=_CONNECTIONS)
        self.poolmanager.pool_classes_by_scheme = self.pool_classes()

    def pool_classes(self) -> dict[str, type[HTTPConnectionPool]]:
        """Return the class of a connection pool for each scheme."""
        return pool_classes(PromptHTTPConnection, PromptHTTPSConnection)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send a request, without a proxy if its host is this machine."""
        if is_loopback(urlsplit(request.url or "").hostname or ""):
            options["proxies"] = None
        return super().send(request, *args, **options)


class _Prompt(HTTPConnection):
    """A connection that is cut off if the head of an answer takes longer than ANSWER_TIME.

    The time-out of a socket starts anew with each byte.
    """

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as in urllib3 itself
        cut_off = threading.Event()
        timer = threading.Timer(limits.ANSWER_TIME, self._cut_off, [cut_off])
        timer.daemon = True
        timer.start()
        try:
            response = super().getresponse()
        finally:
            timer.cancel()
        if cut_off.is_set():  # http.client takes what was received until then for the whole head
            response.close()
            raise TimeoutError
        return response

    def _cut_off(self, done: threading.Event) -> None:
        done.set()
        if sock := self.sock:
            with suppress(OSError):
                # Not the method of an SSL socket, which is not made for use by a second thread.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class PromptHTTPConnection(_Prompt):
    """A connection over http."""


class PromptHTTPSConnection(_Prompt, HTTPSConnection):
    """A connection over https."""


def pool_classes(http: type[HTTPConnection], https: type[HTTPSConnection]) -> dict[str, type[HTTPConnectionPool]]:
    """Return pools of these connections for the two schemes."""
    return {
        "http": type("HTTPPool", (HTTPConnectionPool,), {"ConnectionCls": http}),
        "https": type("HTTPSPool", (HTTPSConnectionPool,), {"ConnectionCls": https}),
    }


def is_loopback(host: str) -> bool:
    """Return whether a host name or an address is that of this machine."""
    host = host.lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


class Received(Protocol):
    """An answer, or its head."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""

    def close(self) -> None:
        """Release the connection."""


R = TypeVar("R", bound=Received)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that has been read to its end; `body` is decompressed."""

    status_code: int
    body: bytes

    def close(self) -> None:
        """Do nothing: the connection is free already."""


def read_answer(response: requests.Response, what: str, max_size: int) -> Answer:
    """Read an answer to its end. Raises requests.Timeout after ANSWER_TIME, PlatformError beyond `max_size` bytes."""
    deadline = time.monotonic() + limits.ANSWER_TIME
    pieces, size = [], 0
    with response:
        while piece := response.raw.read1(CHUNK, decode_content=True):
            size += len(piece)
            if size > max_size:
                raise PlatformError(f"{what} was answered with more than {max_size} bytes, the maximum")
            if time.monotonic() > deadline:
                raise requests.Timeout
            pieces.append(piece)
    return Answer(response.status_code, b"".join(pieces))


def get(session: Session, url: str, what: str, **options: Any) -> requests.Response:
    """GET and follow up to MAX_REDIRECTS redirects; the body of the answer is left to be read.

    A login is sent on to the same host only. The body of a redirect is not read. Raises PlatformError, with the status
    of the redirect, for one that cannot be followed.
    """
    auth: Auth | None = None
    for _ in range(limits.MAX_REDIRECTS + 1):
        response = session.get(url, auth=auth, stream=True, **options)
        if not response.is_redirect:
            return response
        response.close()
        target = _redirect_target(response, what)
        strip: bool = session.should_strip_auth(response.url, target)  # type: ignore[no-untyped-call]
        auth = _login_of_url if strip else _same_login(response.request)
        url = target
    raise PlatformError(f"{what} redirects too often: more than {limits.MAX_REDIRECTS} times", response.status_code)


def _redirect_target(response: requests.Response, what: str) -> str:
    try:
        # http.client reads headers as Latin-1; servers write UTF-8.
        location = response.headers["location"].encode("latin-1").decode()
        target = urljoin(response.url, location)
        parts = urlsplit(target)
        valid = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise PlatformError(f"{what} redirects to something that is not a web address", response.status_code)
    return target


def _login_of_url(request: requests.PreparedRequest) -> requests.PreparedRequest:
    login = get_auth_from_url(request.url or "")
    return HTTPBasicAuth(*(part.encode() for part in login))(request) if any(login) else request


def _same_login(before: requests.PreparedRequest) -> Auth:
    authorization = before.headers.get("Authorization")

    def login(request: requests.PreparedRequest) -> requests.PreparedRequest:
        if authorization:
            request.headers["Authorization"] = authorization
        return request

    return login


def send_with_repeats(send: Callable[[], R], pauses: Iterator[float], what: str) -> R:
    """Send, and send again after a 5xx or a network failure: once for each of `pauses`, after so many seconds.

    Returns the last answer. Raises PlatformError naming `what` if there was none. Neither the URL nor the text of the
    failure is part of it or of its causes: both may hold a credential.
    """
    while True:
        failure = ""
        try:
            response = send()
        except FAILURES as error:
            failure = type(error).__name__
            pause = None if isinstance(error, ValueError) else next(pauses, None)  # the URL is invalid: nothing is sent
        else:
            pause = next(pauses, None) if response.status_code >= 500 else None
            if pause is None:
                return response
            response.close()
        if pause is None:
            raise PlatformError(f"{what} failed: no answer ({failure})")
        time.sleep(pause)


def successful(response: R, what: str) -> R:
    """Return an answer of 2xx; close any other and raise PlatformError with its status."""
    if not 200 <= response.status_code < 300:
        response.close()
        raise PlatformError(f"{what} was answered with {response.status_code}", response.status_code)
    return response
