"""The I/O thread: calls from other threads, and unexpected errors."""

import queue
import threading
from collections.abc import Iterator

import pytest
from elasticio.broker.rabbitmq.connection import IoThread

PATIENCE = 30  # seconds until a failing test ends


@pytest.fixture
def io() -> Iterator[IoThread]:
    io = IoThread()
    io.start()
    yield io
    if not io.is_stopped:
        io.stop(PATIENCE)


def divide(divisor: int) -> None:
    assert 1 / divisor


def test_a_call_that_raises_is_reported_and_later_calls_run(io: IoThread) -> None:
    failures: queue.SimpleQueue[BaseException] = queue.SimpleQueue()
    io.on_failure = failures.put
    done: queue.SimpleQueue[int] = queue.SimpleQueue()
    hold = threading.Event()
    io.do(hold.wait)  # so that the following calls wait together
    for number in (0, 1, 0, 2):
        io.do(divide, number)
        io.do(done.put, number)
    hold.set()
    assert [done.get(timeout=PATIENCE) for _ in range(4)] == [0, 1, 0, 2]
    assert isinstance(failures.get(timeout=PATIENCE), ZeroDivisionError)
    assert failures.empty()  # only the first one is reported


def test_an_error_without_a_listener_is_logged(io: IoThread, caplog: pytest.LogCaptureFixture) -> None:
    done = threading.Event()
    io.do(divide, 0)
    io.do(done.set)
    assert done.wait(PATIENCE)
    assert "ZeroDivisionError" in caplog.text


def test_a_call_after_the_end_of_the_loop_runs(io: IoThread) -> None:
    io.stop(PATIENCE)
    done: list[int] = []
    io.do(done.append, 1)
    io.do(done.append, 2)
    assert done == [1, 2]


def test_calls_that_the_loop_has_not_run_run_at_its_end(io: IoThread) -> None:
    done: list[int] = []
    hold = threading.Event()
    io.do(hold.wait)
    io.loop.call_soon_threadsafe(io.loop.stop)
    io.do(done.append, 1)
    hold.set()
    io.stop(PATIENCE)
    assert done == [1]
