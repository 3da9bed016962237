"""The errors of the connector. Each class stands for one reaction of the caller.

    CallFireError
    ├── InvalidInput        nothing was sent: correct the message or its mapping
    ├── InvalidSettings     nothing was sent: correct the form or the credentials
    ├── Rejected            CallFire rejected the request and did not execute it
    │   ├── NotAuthenticated    401: use other credentials
    │   ├── NotAllowed          403: check the permissions
    │   └── NotFound            404: check the ID
    ├── Temporary           not executed, or safe to repeat: retry later
    │   ├── RateLimited         retry after `retry_after` seconds, if CallFire sets it
    │   └── Unavailable         retry when CallFire and the network are available
    └── OutcomeUnknown      CallFire may have executed the request: check CallFire before a retry

`lib.callfire.api.error_mapping` selects the error of a request. The log and the platform show the texts of errors: they
never contain a credential, a text of the message or a full phone number.
"""

# ruff: noqa: N818 (the platform shows these names to operators)

import re
from collections.abc import Iterator
from typing import Any

from elasticio import StepError

_LONGEST = 10_000  # characters of a text that are searched for secrets; at most 500 are shown
_TELLING = 20  # characters at the beginning of a secret that are a secret, too: servers shorten what they quote
# Ten or more digits, with or without the usual separators, are phone numbers. More than 15 digits alone are an ID.
_PHONE = re.compile(r"(?<![\d-])\+?\d(?:[-. ()]{0,2}\d){9,}")
_LONGEST_NUMBER = 15


class CallFireError(StepError):
    """The base class of all errors of the connector."""


class InvalidInput(CallFireError):
    """A property of the message is missing or invalid. Nothing was sent."""


class InvalidSettings(CallFireError):
    """A field of the form or of the credentials is missing or invalid. Nothing was sent."""


class Rejected(CallFireError):
    """CallFire rejected the request and did not execute it."""

    def __init__(self, message: str, *, status: int = 0) -> None:
        """`status` is the HTTP status, 0 if there was none."""
        super().__init__(message)
        self.status = status


class NotAuthenticated(Rejected):
    """401: CallFire rejected the credentials."""


class NotAllowed(Rejected):
    """403: the credentials lack a permission."""


class NotFound(Rejected):
    """404: the account has no such item."""


class Temporary(CallFireError):
    """CallFire did not execute the request, or it is safe to repeat. A retry may succeed."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """`retry_after` is the pause in seconds that CallFire requests, None if it requests none."""
        super().__init__(message)
        self.retry_after = retry_after


class RateLimited(Temporary):
    """CallFire requests a pause and did not execute the request."""


class Unavailable(Temporary):
    """CallFire or the network is not available at the moment."""


class OutcomeUnknown(CallFireError):
    """The request was sent without a usable response. CallFire may have executed it."""


def discreet(text: str, *secrets: str) -> str:
    """Return the text without `secrets` and full phone numbers, at most 500 characters.

    The last four digits of a phone number are kept. A secret of up to three characters is masked only as a separate
    word. The beginning of a long secret is masked, too, from 20 characters on. Halves of surrogate pairs are replaced,
    because they cannot be encoded.
    """
    text = text[:_LONGEST].encode(errors="replace").decode()
    for secret in filter(None, secrets):
        if len(secret) > _TELLING:
            text = _without(text, secret)
        else:
            whole = len(secret) <= 3
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)" if whole else re.escape(secret), "***", text)
    masked = _PHONE.sub(_last_digits, text)
    return masked if len(masked) <= 500 else masked[:499] + "…"


def free_texts(value: Any) -> Iterator[str]:
    """Yield the texts of a JSON value that errors must not quote: with a space or an @, or of 20 characters or more.

    Shorter words, such as a status or a keyword, help to understand an error.
    """
    pending = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            pending.extend(part.values())
        elif isinstance(part, list | tuple):
            pending.extend(part)
        elif isinstance(part, str):
            text = part.strip()
            if len(text) >= _TELLING or (len(text) > 3 and (" " in text or "@" in text)):
                yield text


def _without(text: str, secret: str) -> str:
    start = text.find(secret[:_TELLING])
    while start >= 0:
        length = _TELLING
        while length < len(secret) and text[start + length : start + length + 1] == secret[length]:
            length += 1
        text = f"{text[:start]}***{text[start + length :]}"
        start = text.find(secret[:_TELLING], start + 3)
    return text


def _last_digits(number: re.Match[str]) -> str:
    """Return the last four digits of one or more phone numbers; an ID without change."""
    digits = re.sub(r"\D", "", number[0])
    return number[0] if number[0] == digits and len(digits) > _LONGEST_NUMBER else f"…{digits[-4:]}"
