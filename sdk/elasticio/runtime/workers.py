"""The threads that process messages, and the messages in flight.

The standard library's pool would create a future, a lock and a condition for each message. This one does not.
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
    """Time of the delivery, on the monotonic clock."""

    def run(self) -> None:
        """Process the message. Must not raise."""

    @property
    def identifiers(self) -> Mapping[str, Any]:
        """The message's IDs for log lines."""


class Workers:
    """Up to `limit` threads. A thread is started only if all others are busy.

    `on_failure` is called, on any thread, with an exception because of which a message cannot be settled.
    """

    def __init__(self, limit: int, on_failure: Callable[[BaseException], None]) -> None:
        self._limit = limit
        self._on_failure = on_failure
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._idle: deque[None] = deque()  # one entry per idle thread: the cheapest counter that threads can share
        self._threads: list[threading.Thread] = []
        self._growing = threading.Lock()
        self._jobs: set[Job] = set()
        self._changed = threading.Condition()

    def start(self, job: Job) -> None:
        """Count a message as in flight and process it on a thread; returns at once."""
        with self._changed:
            self._jobs.add(job)
        self.submit(job.run)

    def end(self, job: Job, failure: BaseException | None = None) -> None:
        """Remove a message from those in flight. With `failure`, the message stays unsettled."""
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
        """Run a task on a thread; returns at once."""
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
            except BaseException as error:  # noqa: BLE001 (the thread must continue; the process ends with this reason)
                self._on_failure(error)
            self._idle.append(None)
