"""Points in time: Unix milliseconds, as in CallFire's API, and ISO 8601 texts."""

import math
from datetime import UTC, datetime

FORMATS = "Unix milliseconds, or ISO 8601 such as 2024-05-31T09:00:00Z (UTC without a time zone)"
LOOKS_LIKE_SECONDS = f"looks like seconds. Use {FORMATS}."
LATEST = 10**14  # milliseconds: later times, after the year 5138, are mistakes
_LARGEST_SECONDS = 10**11  # March 1973 in milliseconds, the year 5138 in seconds


def from_iso(value: str) -> int | None:
    """Return the Unix milliseconds of an ISO 8601 text, rounded down; None for any other text."""
    try:
        parsed = datetime.fromisoformat(value.strip())
        parsed = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        return math.floor(parsed.timestamp()) * 1000 + parsed.microsecond // 1000
    except (ValueError, OverflowError):
        return None


def from_http_date(value: str) -> int | None:
    """Return the Unix milliseconds of a date in an HTTP header; None for any other text. Without a time zone: UTC."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 (slow to load, and rarely needed)

    try:
        parsed = parsedate_to_datetime(value)
        return int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):  # not a date, or out of range
        return None


def looks_like_seconds(milliseconds: int) -> bool:
    """Return whether a number is probably in seconds: 0 < n < 10^11. In milliseconds, that is before March 1973."""
    return 0 < milliseconds < _LARGEST_SECONDS
