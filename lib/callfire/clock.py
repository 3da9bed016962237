"""Time: the one place that the connector asks for it, so that tests can put another clock here.

Call it through the module (`clock.sleep(1)`), never import its functions by name: a test replaces them here.
"""

import time
from datetime import UTC, datetime


def monotonic() -> float:
    """Return seconds that only ever grow, to measure how long something took in this process."""
    return time.monotonic()


def unix_ms() -> int:
    """Return the time in Unix milliseconds, to compare with times that others have written down."""
    return time.time_ns() // 1_000_000


def utc_now() -> datetime:
    """Return the time as a datetime in UTC, derived from `unix_ms`."""
    return datetime.fromtimestamp(unix_ms() / 1000, UTC)


def sleep(seconds: float) -> None:
    """Block this thread."""
    time.sleep(seconds)
