"""Rate limits: a maximum number of events per interval. Waiting callers proceed in order of arrival."""

import threading
import time


class Throttle:
    """Lets up to `limit` callers proceed in each `interval` (milliseconds). Threads may share it."""

    def __init__(self, limit: int, interval: int) -> None:
        self._limit = limit
        self._interval = interval / 1000
        self._lock = threading.Lock()
        self._window = float("-inf")
        self._used = 0

    def wait(self) -> None:
        """Return at once if the limit allows it; otherwise sleep until the caller's interval begins."""
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
