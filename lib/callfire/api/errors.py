"""What can go wrong with CallFire, named after what the caller does next.

    CallFireError
    ├── InvalidInput        nothing was sent: mend the message or its mapping
    ├── InvalidSettings     nothing was sent: mend the form or the credentials
    ├── Rejected            CallFire said no: it was not carried out, the same request gets the same answer
    │   ├── NotAuthenticated    401: other credentials
    │   ├── NotAllowed          403: other permissions
    │   └── NotFound            404: another id
    ├── Temporary           not carried out, or safe to repeat: come back later
    │   ├── RateLimited         after `retry_after` seconds, where CallFire says so
    │   └── Unavailable         once CallFire, or the way to it, works again
    └── OutcomeUnknown      it may have been carried out: look before doing it again

`lib.callfire.api.outcome` decides which of them a request has come to. No text of an error carries a credential, a
message body or a full phone number.
"""

# ruff: noqa: N818 (the platform shows these names to operators: each says what happened)

import re

# Ten to fifteen digits, with or without the usual separators, are a phone number; longer runs are CallFire's ids.
_PHONE = re.compile(r"(?<![\d-])\+?\d(?:[-. ()]{0,2}\d){9,14}(?!\d)")


class CallFireError(Exception):
    """The root of all that this package raises on purpose."""


class InvalidInput(CallFireError):
    """The message does not hold what the action needs. Nothing was sent."""


class InvalidSettings(CallFireError):
    """A field of the form or of the credentials cannot be used. Nothing was sent."""


class Rejected(CallFireError):
    """CallFire refused the request and did not carry it out."""

    def __init__(self, message: str, *, status: int = 0) -> None:
        """`status` is the HTTP status, 0 where there was none."""
        super().__init__(message)
        self.status = status


class NotAuthenticated(Rejected):
    """401: CallFire does not know these credentials."""


class NotAllowed(Rejected):
    """403: the credentials are good but may not do this."""


class NotFound(Rejected):
    """404: there is no such thing in this account."""


class Temporary(CallFireError):
    """Not carried out, or safe to repeat: the same request may succeed later."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """`retry_after` is the wait in seconds that CallFire asks for, if it does."""
        super().__init__(message)
        self.retry_after = retry_after


class RateLimited(Temporary):
    """CallFire asks for a pause and did not carry out the request."""


class Unavailable(Temporary):
    """CallFire, or the network before it, does not work at the moment."""


class OutcomeUnknown(CallFireError):
    """The request was written, no usable answer came: it may or may not have been carried out."""


def discreet(text: str, *secrets: str) -> str:
    """Mask the `secrets` and all but the last four digits of phone numbers; return at most 500 characters.

    A secret of up to three characters is masked only where it stands alone, since it is a part of many words. Halves of
    surrogate pairs are replaced: no message can carry them.
    """
    text = text.encode(errors="replace").decode()
    for secret in filter(None, secrets):
        whole = len(secret) <= 3
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)" if whole else re.escape(secret), "***", text)
    masked = _PHONE.sub(lambda match: "…" + re.sub(r"\D", "", match[0])[-4:], text)
    return masked if len(masked) <= 500 else masked[:499] + "…"
