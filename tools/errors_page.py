"""The table in docs/errors.md: what happens after each kind of failed request.

The rows are computed by `lib.callfire.api.error_mapping`, the code that decides at run time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from elasticio import HttpFailure, NotConnected, NotWritten, Unanswered

from lib.callfire.api import error_mapping
from lib.callfire.api.errors import Temporary
from tools import markdown

SECTION = "outcomes"
_HEAD = ("What happens", "Safe to repeat", "Not safe to repeat")


@dataclass(frozen=True)
class HttpError:
    """A response with an error status. `about` is the text in the table."""

    about: str
    status: int
    headers: Mapping[str, str]

    def verdict(self, repeatable: bool) -> error_mapping.Verdict:
        """Return the verdict of the connector."""
        return error_mapping.of_answer("", self.status, self.headers, None, repeatable=repeatable)


@dataclass(frozen=True)
class NoResponse:
    """A request without a complete response."""

    about: str
    failure: HttpFailure

    def verdict(self, repeatable: bool) -> error_mapping.Verdict:
        """Return the verdict of the connector."""
        return error_mapping.of_failure("", self.failure, repeatable=repeatable, limit=60)


@dataclass(frozen=True)
class UnreadableResponse:
    """A response with a success status and a body that is not JSON."""

    about: str

    def verdict(self, repeatable: bool) -> error_mapping.Verdict:
        """Return the verdict of the connector."""
        return error_mapping.of_unreadable("", 200, "", repeatable=repeatable)


FAILURES = (
    HttpError("400, or another 4xx", 400, {}),
    HttpError("401: not authenticated", 401, {}),
    HttpError("403: not allowed", 403, {}),
    HttpError("404: not found", 404, {}),
    HttpError("408: CallFire did not receive the request in time", 408, {}),
    HttpError("429: too many requests, with or without Retry-After", 429, {}),
    HttpError("another 4xx with Retry-After", 403, {"Retry-After": "1"}),
    HttpError("500, or another 5xx", 500, {}),
    HttpError("502, 503, 504", 503, {}),
    HttpError("a redirect", 302, {}),
    UnreadableResponse("2xx with a body that is not JSON"),
    NoResponse("no connection: refused, unknown host, timeout while connecting", NotConnected("")),
    NoResponse("the connection breaks before the request was written", NotWritten("")),
    NoResponse("the connection breaks after the request was written", Unanswered("")),
    NoResponse("no response in time", Unanswered("", timed_out=True)),
)


def outcome_table() -> str:
    """Return the table, one row for each kind of failure."""
    return markdown.table(_HEAD, _rows())


def _rows() -> Iterator[tuple[str, str, str]]:
    for failure in FAILURES:
        yield failure.about, _cell(failure.verdict), _cell(failure.verdict, repeatable=False)


def _cell(verdict: Callable[[bool], error_mapping.Verdict], *, repeatable: bool = True) -> str:
    decided = verdict(repeatable)
    handling = "rebound" if isinstance(decided.error, Temporary) else "error"
    return f"{'retried, then ' if decided.again else ''}{handling}: `{type(decided.error).__name__}`"
