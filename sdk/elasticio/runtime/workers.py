"""The threads that process messages, and the messages that they have in flight.

Leaner than the standard library's pool, which makes a future with a lock and a condition for each task.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Any, Protocol

Task = Callable[[], None]


class Job(Protocol):
    """A message in flight."""

    started: float
    """When its processing was asked for, on the monotonic clock."""

    def run(self) -> None:
        """Process the message; raises nothing."""

    @property
    def identifiers(self) -> Mapping[str, Any]:
        """The ids under which log lines name the message."""


class Workers:
    """Up to `limit` threads, each started when all others are busy.

    `on_failure` is called with the exception that keeps a message from being settled, on any thread.
    """

    def __init__(self, limit: int, on_failure: Callable[[BaseException], None]) -> None:
        self._limit = limit
        self._on_failure = on_failure
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._idle: deque[None] = deque()  # an entry for each idle thread: the cheapest count that threads can share
        self._threads: list[threading.Thread] = []
        self._growing = threading.Lock()
        self._jobs: set[Job] = set()
        self._changed = threading.Condition()

    def start(self, job: Job) -> None:
        """Count a message as in flight and have it processed; returns at once."""
        with self._changed:
            self._jobs.add(job)
        self.submit(job.run)

    def end(self, job: Job, failure: BaseException | None = None) -> None:
        """Count a message as in flight no longer; with `failure` it stays unsettled."""
        if failure:
            self._on_failure(failure)
        with self._changed:
            self._jobs.discard(job)
            if not self._jobs:
                self._changed.notify_all()

    def in_flight(self) -> list[Job]:
        """Return the messages in flight, the oldest first."""
        with self._changed:
            return sorted(self._jobs, key=lambda job: job.started)

    def submit(self, task: Task) -> None:
        """Have a task done; returns at once."""
        try:
            self._idle.pop()
        except IndexError:
            self._grow()
        self._tasks.put(task)

    def finish(self) -> None:
        """Return when no message is in flight and the threads have ended."""
        with self._changed:
            self._changed.wait_for(lambda: not self._jobs)
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _grow(self) -> None:
        with self._growing:
            if len(self._threads) < self._limit:
                thread = threading.Thread(target=self._run, name=f"worker-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                task()
            except BaseException as error:  # noqa: BLE001 (the thread must live on, and the process end with a reason)
                self._on_failure(error)
            self._idle.append(None)
