"""Worker threads: their number is limited, and `finish` waits for all tasks."""

import threading
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from elasticio.runtime.workers import Workers


def fail(error: BaseException) -> None:
    pytest.fail(f"a task raised {error!r}")


def test_tasks_run_at_the_same_time_up_to_the_limit() -> None:
    barrier = threading.Barrier(3)
    names = set()

    def meet() -> None:
        barrier.wait(30)
        names.add(threading.current_thread().name)

    workers = Workers(3, fail)
    for _ in range(9):
        workers.submit(meet)
    workers.finish()
    assert len(names) == 3


def test_no_more_threads_are_started_than_there_are_tasks() -> None:
    names = set()

    def note() -> None:
        names.add(threading.current_thread().name)

    workers = Workers(50, fail)
    for _ in range(3):
        workers.submit(note)
    workers.finish()
    assert 1 <= len(names) <= 3


def test_finish_waits_for_submitted_tasks() -> None:
    gate, tasks = threading.Event(), []

    def work(task: int) -> None:
        gate.wait(30)
        tasks.append(task)

    workers = Workers(2, fail)
    for task in range(50):
        workers.submit(partial(work, task))
    gate.set()
    workers.finish()
    assert sorted(tasks) == list(range(50))


class HeldJob:
    """A message whose processing has returned, but which is not settled yet."""

    started = 0.0
    identifiers: Mapping[str, Any] = {}

    def run(self) -> None:
        pass


class WatchedCondition(threading.Condition):
    """Sets `is_waited_for` when a thread begins to wait. The lock keeps other threads out until it waits."""

    def __init__(self) -> None:
        super().__init__()
        self.is_waited_for = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.is_waited_for.set()
        return super().wait(timeout)


def test_finish_returns_when_the_last_message_is_settled() -> None:
    workers = Workers(2, fail)
    workers._changed = condition = WatchedCondition()
    job = HeldJob()
    workers.start(job)
    finishing = threading.Thread(target=workers.finish, daemon=True)
    finishing.start()
    assert condition.is_waited_for.wait(30)
    assert finishing.is_alive()
    workers.end(job)
    finishing.join(30)
    assert not finishing.is_alive()
