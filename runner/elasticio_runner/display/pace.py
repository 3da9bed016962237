"""Shows counts at most once per interval, and the last ones after a pause: none stays unseen."""

import threading
import time
from collections.abc import Callable


class Pace:
    """Calls `show` at once if the last call was `seconds` ago, otherwise when that time has passed.

    Threads may share it.
    """

    def __init__(self, seconds: float, show: Callable[[], None]) -> None:
        self._seconds = seconds
        self._show = show
        self._shown_at = time.monotonic()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._is_stopped = False

    def changed(self) -> None:
        """Show the counts now or later."""
        if self._timer:  # read without the lock: it will show this change, too
            return
        with self._lock:
            if self._timer or self._is_stopped:
                return
            left = self._shown_at + self._seconds - time.monotonic()
            if left > 0:
                self._timer = threading.Timer(left, self._show_late)
                self._timer.daemon = True
                self._timer.start()
                return
            self._shown_at = time.monotonic()
        self._show()

    def stop(self) -> None:
        """Show nothing more: the end of a run shows its counts."""
        with self._lock:
            self._is_stopped = True
            if self._timer:
                self._timer.cancel()

    def _show_late(self) -> None:
        with self._lock:
            self._timer = None
            if self._is_stopped:
                return
            self._shown_at = time.monotonic()
        self._show()
