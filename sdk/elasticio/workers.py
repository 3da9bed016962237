"""The threads in which a component works on messages.

Leaner than the standard library's pool, whose future for each task, with a lock and a condition, nobody would look at.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

Task = TypeVar("Task")


class Workers(Generic[Task]):
    """Up to `limit` threads, started when all others are busy, that call `work` for each task."""

    def __init__(self, limit: int, work: Callable[[Task], None]) -> None:
        self._limit = limit
        self._work = work
        self._tasks: SimpleQueue[tuple[Task] | None] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    def submit(self, task: Task) -> None:
        """Have a task done; returns at once. To be called from one thread only."""
        if not self._idle.acquire(blocking=False) and len(self._threads) < self._limit:
            thread = threading.Thread(target=self._run, name=f"worker-{len(self._threads)}")
            self._threads.append(thread)
            thread.start()
        self._tasks.put((task,))

    def finish(self) -> None:
        """Return when all tasks are done; none may be submitted any more."""
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            self._work(*task)
            self._idle.release()
