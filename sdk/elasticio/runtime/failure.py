"""The description of an exception for the platform and for the log.

The platform shows the name, the text and the stack of an exception. The texts of its causes may contain secrets, such
as a signed URL. The stack therefore contains all frames, but only the texts of the exception and of causes that
are errors of this SDK. Queries and logins in URLs are masked.
"""

import re
import traceback
from collections.abc import Iterator, Mapping
from typing import Any

from elasticio.errors import ElasticioError, Rebound
from elasticio.wire.text import printable

_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"
_LONGEST_CHAIN = 20  # exceptions
_LOG_LIMIT = 500  # characters
_QUERY = re.compile(r"\?[^\s\"'<>()?]*=[^\s\"'<>()]*")
_LOGIN = re.compile(r"://[^\s/@\"'<>]+@")


def describe(error: Any) -> dict[str, Any]:
    """Return an error in the platform's form: {name, message, stack}.

    `error` is an exception, a mapping with `message`, or a text. The description of an exception never fails, even if
    methods of its class do.
    """
    if isinstance(error, BaseException):
        return {"name": _name(error), "message": text_of(error), "stack": _stack(error)}
    if isinstance(error, Mapping) and "message" in error:
        return {
            "name": error.get("name") or "Error",
            "message": _masked(error["message"]),
            "stack": _masked(error.get("stack") or "Not Available"),
        }
    return {"name": "Error", "message": _masked(error or "Not Available"), "stack": "Not Available"}


def shortened(description: Mapping[str, Any]) -> dict[str, Any]:
    """Return a short description: the name, and a text without a stack."""
    name, text = printable(str(description["name"])), printable(str(description["message"]))
    return {"name": name, "message": text, "stack": "Not Available"}


def text_of(error: BaseException) -> str:
    """Return an exception's text with URLs masked; a placeholder if its `__str__` fails."""
    try:
        text = str.__str__(str(error))  # not an instance of a subclass, whose methods may fail
    except BaseException as failure:  # noqa: BLE001 (any code can run in a component's __str__)
        return f"(the text of this {_name(error)} cannot be read: {_name(failure)})"
    return masked(text)


def masked(text: str) -> str:
    """Return a text with the queries and logins of URLs masked."""
    return _LOGIN.sub("://…@", _QUERY.sub("?…", text)) if "?" in text or "@" in text else text


def reason_of(reason: Any) -> str:
    """Return the reason of a rebound: the text of an exception, a mapping's `message`, or the text itself."""
    if isinstance(reason, BaseException):
        return text_of(reason)
    if isinstance(reason, Mapping) and "message" in reason:
        reason = reason["message"]
    return masked(str.__str__(str(reason or "Not Available")))


def reason_in_log(reason: Any) -> str:
    """Return the reason of a rebound for a log line. An exception's text is left out if it may be secret."""
    return printable(reason_of(reason)) if not isinstance(reason, BaseException) or _is_safe(reason) else in_log(reason)


def in_log(error: BaseException) -> str:
    """Return class, reason and place of an exception for a log line. The reason is left out if it may be secret."""
    reason = f": {printable(text_of(error), _LOG_LIMIT)}" if _is_safe(error) else ""
    return f"{_name(error)}{reason}{_place(error)}"


def _name(error: BaseException) -> str:
    try:
        return str.__str__(type(error).__name__)
    except BaseException:  # noqa: BLE001 (a metaclass of the component can run any code)
        return "Error"


def _place(error: BaseException) -> str:
    try:
        frames = traceback.extract_tb(error.__traceback__)
        return f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    except BaseException:  # noqa: BLE001 (a component can override every attribute of an exception)
        return ""


def _masked(value: Any) -> Any:
    return masked(value) if type(value) is str else value


def _is_safe(error: BaseException) -> bool:
    return isinstance(error, ElasticioError | Rebound)


def _stack(error: BaseException) -> str:
    try:
        return "".join(_parts(error))
    except BaseException:  # noqa: BLE001 (a component can override every attribute of an exception)
        return "Not Available"


def _parts(error: BaseException) -> Iterator[str]:
    """Yield the tracebacks of an exception and its causes in Python's format, the oldest first."""
    chain: list[tuple[BaseException, str]] = [(error, "")]
    while len(chain) < _LONGEST_CHAIN:
        latest = chain[-1][0]
        cause, context = latest.__cause__, latest.__context__
        earlier = cause if cause is not None or latest.__suppress_context__ else context
        if earlier is None or any(earlier is known for known, _ in chain):
            break
        chain.append((earlier, _CONTEXT if cause is None else _CAUSE))
    for one, followed_by in reversed(chain):
        if one.__traceback__:
            yield "Traceback (most recent call last):\n"
            yield from traceback.format_tb(one.__traceback__)
        yield _name(one) + (f": {text_of(one)}\n" if one is error or _is_safe(one) else "\n")
        yield followed_by
