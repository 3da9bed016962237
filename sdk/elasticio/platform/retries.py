"""Repeats failed requests and follows redirects."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from elasticio.errors import PlatformError
from elasticio.http import HttpFailure, HttpResponse, HttpStream
from elasticio.http.failures import TooLarge
from elasticio.platform import limits
from elasticio.platform.web_address import WebAddress

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PAUSES = (0.1, 0.2)  # seconds


class UnreadResponse(Protocol):
    """A response whose body has not been read."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    def close(self) -> None:
        """Close the connection."""


A = TypeVar("A", bound=HttpResponse | UnreadResponse)
H = TypeVar("H", HttpResponse, HttpStream)


def send_with_repeats(send: Callable[[], A], pauses: Iterator[float], what: str) -> A:
    """Send, and repeat after a 5xx or a network failure: one repeat for each pause (seconds) in `pauses`.

    Returns the last response. Raises PlatformError, which names `what`, if there was none. Neither the error nor its
    causes show the URL, which may contain a credential.
    """
    while True:
        failure = ""
        try:
            response = send()
        except (HttpFailure, OSError) as error:
            failure = _reason(error)
            pause = None if isinstance(error, TooLarge) else next(pauses, None)
        else:
            pause = next(pauses, None) if response.status >= 500 else None
            if pause is None:
                return response
            _close(response)
        if pause is None:
            raise PlatformError(f"{what} failed: {failure}")
        time.sleep(pause)


def short_pauses() -> Iterator[float]:
    """Yield the pauses before the two repeats of a request, in seconds."""
    for pause in _PAUSES:
        yield pause + random.uniform(0, 0.2 * pause)  # noqa: S311 (no secret: it spreads the load)


def follow(address: WebAddress, get: Callable[[WebAddress], H], what: str) -> tuple[H, WebAddress]:
    """GET an address and follow up to MAX_REDIRECTS redirects. Returns the response and its address.

    Raises PlatformError, with the status of the redirect, if a redirect cannot be followed.
    """
    for _ in range(limits.MAX_REDIRECTS + 1):
        response = get(address)
        location = response.headers.get("location")
        if response.status not in _REDIRECTS or location is None:
            return response, address
        _close(response)
        target = _target(address, location)
        if target is None:
            raise PlatformError(f"{what} redirects to something that is not a web address", response.status)
        address = target
    raise PlatformError(f"{what} redirects too often: more than {limits.MAX_REDIRECTS} times", response.status)


def successful(response: A, what: str) -> A:
    """Return a response of 2xx; close any other response and raise PlatformError with its status."""
    if not 200 <= response.status < 300:
        _close(response)
        raise PlatformError(f"{what} returned {response.status}", response.status)
    return response


def _reason(error: HttpFailure | OSError) -> str:
    if isinstance(error, TooLarge):
        return str(error)
    if isinstance(error, HttpFailure):
        return "no response in time" if error.timed_out else f"no response ({error})"
    return f"no response ({error.strerror or type(error).__name__})"  # e.g. certificate authorities cannot be read


def _target(address: WebAddress, location: str) -> WebAddress | None:
    try:
        return address.redirected(location)
    except ValueError:
        return None


def _close(response: HttpResponse | UnreadResponse) -> None:
    if not isinstance(response, HttpResponse):
        response.close()
