"""The sandbox's clock: the machine's, plus whatever it was advanced by."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Unix time in milliseconds, which never goes backwards and can be advanced.

    `still` makes a clock that only moves when it is advanced, for tests that must not depend on the machine's.
    """

    def __init__(self, *, still_at: int | None = None) -> None:
        self.offset = 0
        self._still_at = still_at
        self._pinned: int | None = None

    def now(self) -> int:
        """The time, or the moment that is being replayed."""
        if self._pinned is not None:
            return self._pinned
        base = self._still_at if self._still_at is not None else time.time_ns() // 1_000_000
        return base + self.offset

    def advance(self, milliseconds: int) -> int:
        """Let that much time pass at once; returns the new time."""
        self.offset += milliseconds
        return self.now()

    @contextmanager
    def at(self, moment: int) -> Iterator[None]:
        """Make it that moment inside: what was due then happens then, however late it is carried out."""
        self._pinned = moment
        try:
            yield
        finally:
            self._pinned = None
