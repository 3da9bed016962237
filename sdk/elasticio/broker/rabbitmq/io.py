"""The thread that talks to the broker."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class IoThread:
    """An asyncio loop in a daemon thread, and the ways for other threads to reach it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="rabbitmq", daemon=True)
        self._calls: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque()
        self._woken = False

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def do(self, call: Callable[..., object], *args: Any) -> None:
        """Have `call(*args)` done on the loop: at once where this is its thread, else soon, in the order of asking.

        Waking the loop costs a system call, so only the first of several calls wakes it.
        """
        if threading.get_ident() == self._thread.ident:
            call(*args)
            return
        self._calls.append((call, args))
        if not self._woken:
            self._woken = True
            self.loop.call_soon_threadsafe(self._work)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop and return its result here."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def stop(self) -> None:
        """End the thread."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def _work(self) -> None:
        self._woken = False  # before the calls are taken: a post after that wakes the loop anew
        while self._calls:
            call, args = self._calls.popleft()
            call(*args)
