"""The clock of the connector. Tests replace it.

Call it through the module (`clock.sleep(1)`). Functions that are imported by name are not replaced.
"""

import time
from datetime import UTC, datetime


def monotonic() -> float:
    """Return a time in seconds that never decreases, to measure durations within this process."""
    return time.monotonic()


def unix_ms() -> int:
    """Return the current time in Unix milliseconds, to compare with times of other systems."""
    return time.time_ns() // 1_000_000


def utc_now() -> datetime:
    """Return the current time as a datetime in UTC."""
    return datetime.fromtimestamp(unix_ms() / 1000, UTC)


def sleep(seconds: float) -> None:
    """Block this thread for a number of seconds."""
    time.sleep(seconds)
