"""The error of a failed request, by its response and by whether it may be repeated.

    failure                                  safe to repeat           not safe to repeat
    ---------------------------------------  -----------------------  -----------------------------
    429, or another 4xx for a rate limit     RateLimited, again       RateLimited, again
    502, 503, 504                            Unavailable, again       OutcomeUnknown
    408, 500 and other 5xx                   Unavailable              OutcomeUnknown
    401, 403, 404, other 4xx, 3xx            Rejected (its kinds)     Rejected (its kinds)
    not connected (refused, unknown host)    Unavailable, again       Unavailable, again
    connected, but not written completely    Unavailable, again       Unavailable, again
    written, no usable response              Unavailable, again       OutcomeUnknown
    certificate not trusted                  InvalidSettings          InvalidSettings
    2xx that is not JSON                     Unavailable              OutcomeUnknown

"again": the client retries the request before it raises the error. `RateLimited` and `Unavailable` then rebound the
message, unless the form's errorPolicy is ERROR. The other errors fail the message. A response that ends early has the
error of its status, unless the status is 2xx.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elasticio import HttpFailure, NotConnected, NotWritten, Unanswered

from lib.callfire import clock, unix_time
from lib.callfire.api.errors import (
    CallFireError,
    InvalidSettings,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    discreet,
)

_LIMIT_WORDS = re.compile(r"rate.?limit|too many requests|throttl", re.IGNORECASE)
_REPEATED = {502, 503, 504}
_ADVICE = {
    400: "Correct the value named above and retry.",
    401: "Use an API login and API password (CallFire: Settings, API Access). The web site login does not work for the "
    "API. The operations on API credentials require the account holder's login.",
    402: "Add credits to the CallFire account.",
    403: "The credentials have no permission for this. Check the account's permissions, and that it owns the item.",
    404: "The account has no such item. Check the ID, and `server` in the credentials.",
    429: "CallFire limits the rate of requests. Send fewer requests at a time.",
}
UNKNOWN = "The outcome is unknown: CallFire may have executed the request. Check CallFire before you retry."


@dataclass(frozen=True, slots=True)
class Verdict:
    """The error of a failed request. `again`: the client may retry the request before it raises the error."""

    error: CallFireError
    again: bool = False


def of_answer(
    what: str, status: int, headers: Mapping[str, str], body: Any, *, repeatable: bool, secrets: tuple[str, ...] = ()
) -> Verdict:
    """Return the verdict on an error response. `what` names the operation, `body` is the decoded JSON or None."""
    said = discreet(complaint(body), *secrets)
    text = f"{what}: CallFire answered {status}" + (f": {said}" if said else "") + "."
    wait = retry_after(headers)
    # CallFire documents no status for its rate limit. Any 4xx with Retry-After or a text about a limit counts.
    if status == 429 or (400 <= status < 500 and (wait is not None or _LIMIT_WORDS.search(said))):
        return Verdict(RateLimited(f"{text} {_ADVICE[429]}", retry_after=wait), again=True)
    if status >= 500 or status == 408:
        if not repeatable:
            return Verdict(OutcomeUnknown(f"{text} {UNKNOWN}"))
        return Verdict(Unavailable(text, retry_after=wait), again=status in _REPEATED)
    if 300 <= status < 400:
        text += " The server redirects. Check `server` in the credentials."
    kind = {401: NotAuthenticated, 403: NotAllowed, 404: NotFound}.get(status, Rejected)
    return Verdict(kind(" ".join(filter(None, (text, _ADVICE.get(status)))), status=status))


def of_failure(what: str, failure: HttpFailure, *, repeatable: bool, limit: float) -> Verdict:
    """Return the verdict on a request without a usable response. `limit` is the timeout in seconds."""
    if isinstance(failure, NotConnected) and failure.certificate_refused:
        return Verdict(
            InvalidSettings(f"{what}: the certificate of the server is not trusted. Nothing was sent. Check `server`.")
        )
    if isinstance(failure, NotConnected):
        text = f"{what}: CallFire cannot be reached ({failure}). Nothing was sent."
        return Verdict(Unavailable(text), again=True)
    if isinstance(failure, NotWritten):
        return Verdict(Unavailable(f"{what}: {failure} before the whole request was sent."), again=True)
    if isinstance(failure, Unanswered) and failure.status is not None and not 200 <= failure.status < 300:
        return of_answer(what, failure.status, {}, None, repeatable=repeatable)
    reason = f"no response within {limit:g} s" if failure.timed_out else str(failure)
    if repeatable:
        return Verdict(Unavailable(f"{what}: {reason}."), again=True)
    return Verdict(OutcomeUnknown(f"{what}: {reason} after the request was sent. {UNKNOWN}"))


def of_unreadable(
    what: str, status: int, content_type: str, *, repeatable: bool, secrets: tuple[str, ...] = ()
) -> Verdict:
    """Return the verdict on a success response that is not JSON."""
    kind = discreet(content_type, *secrets) or "a body"
    text = f"{what}: CallFire answered {status} with {kind} that is not JSON."
    if repeatable:
        return Verdict(Unavailable(f"{text} Check `server` and the proxy."))
    return Verdict(OutcomeUnknown(f"{text} {UNKNOWN}"))


def of_unexpected(what: str, status: int, *, repeatable: bool) -> Verdict:
    """Return the verdict on a success response of another shape, e.g. a number instead of an object."""
    text = f"{what}: CallFire answered {status} without the data of this operation."
    return Verdict(Unavailable(text) if repeatable else OutcomeUnknown(f"{text} {UNKNOWN}"))


def complaint(body: Any) -> str:
    """Return CallFire's message and code of an error response; empty if it has none. Only texts and numbers count."""
    if not isinstance(body, Mapping):
        return ""
    message = _plain(body.get("message")) or _plain(body.get("developerMessage"))
    code = _plain(body.get("internalCode"))
    return message + (f" (code {code})" if code else "")


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait from Retry-After, which has seconds or a date. None if it is missing or invalid."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    moment = unix_time.from_http_date(value)
    return None if moment is None else max(0.0, (moment - clock.unix_ms()) / 1000)
