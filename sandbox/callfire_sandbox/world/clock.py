"""The clock of the sandbox: the time of the machine plus the time it was advanced by."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

LATEST = 221_845_392_000_000
"""The year 9000. Later times do not fit into dates."""


class Clock:
    """Unix time in milliseconds. The clock can be advanced, never set back.

    With `still_at` the clock moves only when it is advanced, so a test does not depend on the machine's time.
    """

    def __init__(self, *, still_at: int | None = None) -> None:
        self.offset = 0
        self._still_at = still_at
        self._pinned: int | None = None

    def now(self) -> int:
        """Return the current time, or the due time of the task that runs."""
        if self._pinned is not None:
            return self._pinned
        base = self._still_at if self._still_at is not None else time.time_ns() // 1_000_000
        return base + self.offset

    def advance(self, milliseconds: int) -> int:
        """Advance the clock and return the new time."""
        self.offset += milliseconds
        return self.now()

    @contextmanager
    def at(self, moment: int) -> Iterator[None]:
        """Pin the clock to a moment, so that a task that runs late still happens at its due time."""
        self._pinned = moment
        try:
            yield
        finally:
            self._pinned = None
