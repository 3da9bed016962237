"""The rate limits of a step: at most so many events in each interval, in the order in which they ask."""

import threading
import time


class Throttle:
    """Lets `limit` callers through in each `interval` (milliseconds); the rest wait for their turn."""

    def __init__(self, limit: int, interval: int) -> None:
        self._limit = limit
        self._interval = interval / 1000
        self._lock = threading.Lock()
        self._window = float("-inf")
        self._used = 0

    def wait(self) -> None:
        """Return when it is the caller's turn."""
        with self._lock:
            now = time.monotonic()
            if now - self._window > self._interval:
                self._window, self._used = now, 1
            elif self._used < self._limit:
                self._used += 1
            else:
                self._window, self._used = self._window + self._interval, 1
            delay = self._window - now
        if delay > 0:
            time.sleep(delay)
