"""Requests that are repeated, and redirects that are followed."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from elasticio.errors import PlatformError
from elasticio.http import HttpAnswer, HttpFailure, HttpStream
from elasticio.http.failures import TooLarge
from elasticio.platform import limits
from elasticio.platform.web_address import WebAddress

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PAUSES = (0.1, 0.2)  # seconds


class UnreadAnswer(Protocol):
    """An answer whose body is still to be read."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    def close(self) -> None:
        """Close the connection."""


A = TypeVar("A", bound=HttpAnswer | UnreadAnswer)
H = TypeVar("H", HttpAnswer, HttpStream)


def send_with_repeats(send: Callable[[], A], pauses: Iterator[float], what: str) -> A:
    """Send, and send again after a 5xx or a network failure: once for each of `pauses`, after so many seconds.

    Returns the last answer. Raises PlatformError naming `what` if there was none. Neither the error nor its causes show
    the URL, which may hold a credential.
    """
    while True:
        failure = ""
        try:
            answer = send()
        except (HttpFailure, OSError) as error:
            failure = _reason(error)
            pause = None if isinstance(error, TooLarge) else next(pauses, None)
        else:
            pause = next(pauses, None) if answer.status >= 500 else None
            if pause is None:
                return answer
            _close(answer)
        if pause is None:
            raise PlatformError(f"{what} failed: {failure}")
        time.sleep(pause)


def short_pauses() -> Iterator[float]:
    """Yield the pauses before the two repeats of a request to a storage, in seconds."""
    for pause in _PAUSES:
        yield pause + random.uniform(0, 0.2 * pause)  # noqa: S311 (no secret: it spreads the load)


def follow(address: WebAddress, get: Callable[[WebAddress], H], what: str) -> tuple[H, WebAddress]:
    """GET an address and follow up to MAX_REDIRECTS redirects; returns the answer and where it is from.

    Raises PlatformError, with the status of the redirect, for one that cannot be followed.
    """
    for _ in range(limits.MAX_REDIRECTS + 1):
        answer = get(address)
        location = answer.headers.get("location")
        if answer.status not in _REDIRECTS or location is None:
            return answer, address
        _close(answer)
        target = _target(address, location)
        if target is None:
            raise PlatformError(f"{what} redirects to something that is not a web address", answer.status)
        address = target
    raise PlatformError(f"{what} redirects too often: more than {limits.MAX_REDIRECTS} times", answer.status)


def successful(answer: A, what: str) -> A:
    """Return an answer of 2xx; close any other and raise PlatformError with its status."""
    if not 200 <= answer.status < 300:
        _close(answer)
        raise PlatformError(f"{what} was answered with {answer.status}", answer.status)
    return answer


def _reason(error: HttpFailure | OSError) -> str:
    if isinstance(error, TooLarge):
        return str(error)
    if isinstance(error, HttpFailure):
        return "no answer in time" if error.timed_out else f"no answer ({error})"
    return f"no answer ({type(error).__name__})"


def _target(address: WebAddress, location: str) -> WebAddress | None:
    try:
        return address.redirected(location)
    except ValueError:
        return None


def _close(answer: HttpAnswer | UnreadAnswer) -> None:
    if not isinstance(answer, HttpAnswer):
        answer.close()
