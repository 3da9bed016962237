"""Which error a request ends with, by its answer and by whether it may be repeated.

    what happened                            may be repeated          sends, calls, buys or deletes
    ---------------------------------------  -----------------------  -----------------------------
    429, or a 4xx that says it is a limit    RateLimited, again       RateLimited, again
    502, 503, 504                            Unavailable, again       OutcomeUnknown
    408, 500 and other 5xx                   Unavailable              OutcomeUnknown
    401, 403, 404, other 4xx, 3xx            Rejected (its kinds)     Rejected (its kinds)
    not connected (refused, unknown host)    Unavailable, again       Unavailable, again
    connected, but not written whole         Unavailable, again       Unavailable, again
    written, no usable answer                Unavailable, again       OutcomeUnknown
    certificate refused                      InvalidSettings          InvalidSettings
    2xx that is not JSON                     Unavailable              OutcomeUnknown

"again": the client repeats the request a few times before the step sees the error. The form's errorPolicy then makes a
rebound or an error of `RateLimited` and `Unavailable`; all others are errors. An answer that breaks off behind a status
other than 2xx counts by its status.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from elasticio import HttpFailure, NotConnected, NotWritten, Unanswered

from lib.callfire import clock
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
    """The error a request came to, and whether the client should repeat it before giving up."""

    error: CallFireError
    again: bool = False


def of_answer(
    what: str, status: int, headers: Mapping[str, str], body: Any, *, repeatable: bool, secrets: tuple[str, ...] = ()
) -> Verdict:
    """Judge an answer that is no success. `what` names the operation, `body` is its decoded JSON or None."""
    said = discreet(complaint(body), *secrets)
    text = f"{what}: CallFire answered {status}" + (f": {said}" if said else "") + "."
    wait = retry_after(headers)
    # CallFire's documents name no status for its rate limit: any refusal that asks for a pause, or says so, is one.
    if status == 429 or (400 <= status < 500 and (wait is not None or _LIMIT_WORDS.search(said))):
        return Verdict(RateLimited(f"{text} {_ADVICE[429]}", retry_after=wait), again=True)
    if status >= 500 or status == 408:
        if not repeatable:
            return Verdict(OutcomeUnknown(f"{text} {UNKNOWN}"))
        return Verdict(Unavailable(text, retry_after=wait), again=status in _REPEATED)
    if 300 <= status < 400:
        text += " It redirects: check `server` in the credentials."
    kind = {401: NotAuthenticated, 403: NotAllowed, 404: NotFound}.get(status, Rejected)
    return Verdict(kind(" ".join(filter(None, (text, _ADVICE.get(status)))), status=status))


def of_failure(what: str, failure: HttpFailure, *, repeatable: bool, limit: float) -> Verdict:
    """Judge a request without a usable answer. `limit` is its time limit in seconds."""
    if isinstance(failure, NotConnected) and failure.certificate_refused:
        return Verdict(
            InvalidSettings(f"{what}: the server's certificate was refused, nothing was sent. Check `server`.")
        )
    if isinstance(failure, NotConnected):
        text = f"{what}: CallFire could not be reached ({failure}), nothing was sent."
        return Verdict(Unavailable(text), again=True)
    if isinstance(failure, NotWritten):
        return Verdict(Unavailable(f"{what}: {failure} before the whole request was sent."), again=True)
    if isinstance(failure, Unanswered) and failure.status is not None and not 200 <= failure.status < 300:
        return of_answer(what, failure.status, {}, None, repeatable=repeatable)
    reason = f"no response within {limit:g} s" if failure.timed_out else str(failure)
    if repeatable:
        return Verdict(Unavailable(f"{what}: {reason}."), again=True)
    return Verdict(OutcomeUnknown(f"{what}: {reason} after the request was sent. {UNKNOWN}"))


def of_unreadable(what: str, status: int, content_type: str, *, repeatable: bool) -> Verdict:
    """Judge a success whose body is not the JSON it should be."""
    text = f"{what}: CallFire answered {status} with {discreet(content_type) or 'something'} that is not JSON."
    if repeatable:
        return Verdict(Unavailable(f"{text} Is there a proxy in between, or is `server` wrong?"))
    return Verdict(OutcomeUnknown(f"{text} {UNKNOWN}"))


def of_unexpected(what: str, status: int, *, repeatable: bool) -> Verdict:
    """Judge a success whose JSON is not what the operation answers, such as a number in place of an object."""
    text = f"{what}: CallFire answered {status} without the data of this operation."
    return Verdict(Unavailable(text) if repeatable else OutcomeUnknown(f"{text} {UNKNOWN}"))


def complaint(body: Any) -> str:
    """CallFire's own words about an error: message and code, as far as it gave them."""
    if not isinstance(body, Mapping):
        return ""
    message = body.get("message") or body.get("developerMessage") or ""
    code = body.get("internalCode")
    return f"{message}" + (f" (code {code})" if code not in (None, "") else "")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by the header Retry-After, given as seconds or as a date; None without one that makes sense."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - clock.utc_now()).total_seconds())
    except (ValueError, OverflowError):  # no date, or one that no calendar has
        return None
