"""The threads in which a component works on messages.

Leaner than the standard library's pool, whose future for each task, with a lock and a condition, nobody would look at.
"""

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

Task = Callable[[], None]


class Workers:
    """Up to `limit` threads, started when all others are busy."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._idle: deque[None] = deque()  # an entry for each idle thread: the cheapest count that threads can share
        self._growing = threading.Lock()
        self._threads: list[threading.Thread] = []

    def submit(self, task: Task) -> None:
        """Have a task done, which must not raise anything; returns at once."""
        try:
            self._idle.pop()
        except IndexError:
            self._grow()
        self._tasks.put(task)

    def finish(self) -> None:
        """Return when all tasks are done; none may be submitted any more."""
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _grow(self) -> None:
        with self._growing:
            if len(self._threads) < self._limit:
                thread = threading.Thread(target=self._run, name=f"worker-{len(self._threads)}")
                self._threads.append(thread)
                thread.start()

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
            self._idle.append(None)
