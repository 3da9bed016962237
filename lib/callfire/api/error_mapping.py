"""The one place that decides what a request has come to, from its answer and from whether it may be repeated.

    what happened                            may be repeated          sends, calls, buys or deletes
    ---------------------------------------  -----------------------  -----------------------------
    429, or a 4xx that says it is a limit    RateLimited, again       RateLimited, again
    502, 503, 504                            Unavailable, again       OutcomeUnknown
    408, 500 and other 5xx                   Unavailable              OutcomeUnknown
    401, 403, 404, other 4xx, 3xx            Rejected (its kinds)     Rejected (its kinds)
    no connection (refused, no such host)    Unavailable, again       Unavailable, again
    reset, time-out after connecting         Unavailable, again       OutcomeUnknown
    certificate refused                      InvalidSettings          InvalidSettings
    2xx that is not JSON                     Unavailable              OutcomeUnknown

"again": repeated a few times by the client before the step sees it. What is left then becomes a rebound or an error
by the form's errorPolicy: `RateLimited` and `Unavailable` are temporary, all others are errors.
"""

import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError

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
    400: "Mend the value CallFire complains of.",
    401: "Use the API login and API password made in CallFire's settings under API Access; the login of the web pages "
    "is refused. The credential operations need the account holder's login.",
    402: "Add credits to the CallFire account.",
    403: "These credentials may not do this: check the account's permissions and that the item belongs to it.",
    404: "Check the id: there is no such item in this account (or `server` in the credentials is wrong).",
    429: "CallFire asks for a pause: send less at a time.",
}
_UNKNOWN = "The outcome is unknown: it may have been carried out. Look in CallFire before doing it again."


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
            return Verdict(OutcomeUnknown(f"{text} {_UNKNOWN}"))
        return Verdict(Unavailable(text, retry_after=wait), again=status in _REPEATED)
    if 300 <= status < 400:
        text += " It redirects: check `server` in the credentials."
    kind = {401: NotAuthenticated, 403: NotAllowed, 404: NotFound}.get(status, Rejected)
    return Verdict(kind(" ".join(filter(None, (text, _ADVICE.get(status)))), status=status))


def of_failure(what: str, failure: requests.RequestException, *, repeatable: bool) -> Verdict:
    """Judge a request that got no answer.

    The error is not chained to the failure: that one's text holds the whole address, with what the message put into it.
    """
    *_, innermost = _reasons(failure)
    kind = type(innermost).__name__
    if any(isinstance(reason, ssl.SSLCertVerificationError) for reason in _reasons(failure)):
        return Verdict(
            InvalidSettings(f"{what}: the server's certificate was refused, nothing was sent. Check `server`.")
        )
    if isinstance(failure, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Verdict(InvalidSettings(f"{what}: the address cannot be used, nothing was sent. Check `server`."))
    if never_connected(failure):
        return Verdict(Unavailable(f"{what}: CallFire could not be reached ({kind}), nothing was sent."), again=True)
    reason = "no answer in time" if isinstance(failure, requests.Timeout) else f"the connection broke ({kind})"
    if repeatable:
        return Verdict(Unavailable(f"{what}: {reason}."), again=True)
    return Verdict(OutcomeUnknown(f"{what}: {reason} after the request was written. {_UNKNOWN}"))


def of_unreadable(what: str, status: int, content_type: str, *, repeatable: bool) -> Verdict:
    """Judge a success whose body is not the JSON it should be."""
    text = f"{what}: CallFire answered {status} with {discreet(content_type) or 'something'} that is not JSON."
    if repeatable:
        return Verdict(Unavailable(f"{text} Is there a proxy in between, or is `server` wrong?"))
    return Verdict(OutcomeUnknown(f"{text} {_UNKNOWN}"))


def never_connected(failure: BaseException) -> bool:
    """Whether the request provably did not leave: no connection came about (refused, unknown host, time-out of it)."""
    # urllib3 speaks of a proxy's error only until the connection to the proxy, and the tunnel through it, stands.
    # A refused connection is, to urllib3, a kind of ConnectTimeoutError.
    before = requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError | ConnectTimeoutError
    return any(isinstance(reason, before) for reason in _reasons(failure))


def _reasons(failure: BaseException) -> Iterator[BaseException]:
    """The failure and what the libraries below wrapped in it."""
    reason: Any = failure
    while isinstance(reason, BaseException):
        yield reason
        reason = getattr(reason, "reason", None) or (reason.args[0] if reason.args else None)


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
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
