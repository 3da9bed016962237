"""Threads for messages: as many as needed, at most the limit, and all tasks are done at the end"""

import threading

from elasticio.workers import Workers


def test_tasks_run_side_by_side_up_to_the_limit() -> None:
    barrier = threading.Barrier(3)
    names = set()

    def meet(_task: int) -> None:
        barrier.wait(30)
        names.add(threading.current_thread().name)

    workers = Workers(3, meet)
    for task in range(9):
        workers.submit(task)
    workers.finish()
    assert len(names) == 3


def test_no_more_threads_are_started_than_there_are_tasks() -> None:
    names = set()

    def note(_task: int) -> None:
        names.add(threading.current_thread().name)

    workers = Workers(50, note)
    for task in range(3):
        workers.submit(task)
    workers.finish()
    assert 1 <= len(names) <= 3


def test_finish_waits_for_what_was_submitted() -> None:
    gate, tasks = threading.Event(), []

    def work(task: int) -> None:
        gate.wait(30)
        tasks.append(task)

    workers = Workers(2, work)
    for task in range(50):
        workers.submit(task)
    gate.set()
    workers.finish()
    assert sorted(tasks) == list(range(50))
