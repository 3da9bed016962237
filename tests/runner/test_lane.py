"""A fence of a lane ends in every case: no fault of the broker or of a handler can block the end of a run."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from queue import SimpleQueue
from typing import Any

import pytest
from elasticio import BrokerError
from elasticio.broker import OnEnd, OnFailure, Publication
from elasticio.broker.memory import Hub, MemoryBroker
from elasticio.broker.topology import Queue, Topology
from elasticio_runner.engine import lane as module
from elasticio_runner.engine.lane import Lane
from elasticio_runner.engine.queues import fence_key

PATIENCE = 30


class FaultyBroker(MemoryBroker):
    """A broker with a prefetch of 1. `refusal` is the error of each publication; `fail` reports a failure."""

    refusal: BrokerError | None = None
    fail: OnFailure

    def connect(self, on_failure: OnFailure | None = None) -> None:
        super().connect(on_failure)
        assert on_failure
        self.fail = on_failure

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        if self.refusal:
            on_end(self.refusal)
        else:
            super().publish(publication, on_end)


class RunningLane:
    """A lane with its broker. `keys` are the routing keys of its queue; `handle` handles each body."""

    def __init__(self, handle: Callable[[bytes], None] = lambda _: None, keys: tuple[str, ...] = ()) -> None:
        hub = Hub()
        hub.declare(Topology("run", (Queue("data", ("step.data", *(keys or (fence_key("data"),)))),)))
        self.broker = FaultyBroker(hub, "run", "data")
        self.failures: SimpleQueue[BaseException] = SimpleQueue()

        def received(_headers: Mapping[str, Any], body: bytes) -> None:
            handle(body)

        self.lane = Lane("data", self.broker, received, self.failures.put)
        self.lane.start()

    def send(self, body: bytes) -> None:
        self.broker.publish(Publication("step.data", body, {}), lambda _: None)

    def pass_fence(self) -> "BrokerError | bool":
        """Return True when the fence is passed, or the error; fails if it blocks."""
        outcome: list[BrokerError | bool] = []

        def work() -> None:
            try:
                self.lane.pass_fence()
                outcome.append(True)
            except BrokerError as error:
                outcome.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(PATIENCE)
        [result] = outcome
        return result


@pytest.fixture
def start() -> Iterator[Callable[..., RunningLane]]:
    started: list[RunningLane] = []

    def begin(*arguments: Any) -> RunningLane:
        started.append(RunningLane(*arguments))
        return started[-1]

    yield begin
    for running in started:
        running.lane.stop()


def fail(_body: bytes) -> None:
    raise ValueError("a bug")


def test_a_fence_waits_for_all_messages_before_it(start: Callable[..., RunningLane]) -> None:
    handled: list[bytes] = []
    running = start(handled.append)
    for number in range(50):
        running.send(b"%d" % number)
    assert running.pass_fence() is True
    assert len(handled) == 50


def test_a_message_that_cannot_be_handled_ends_the_fence_and_the_run(start: Callable[..., RunningLane]) -> None:
    """The message stays unsettled. It uses up the prefetch, so the fence itself is never delivered."""
    running = start(fail)
    running.send(b"poison")
    assert running.pass_fence() is True
    assert str(running.failures.get(timeout=PATIENCE)) == "a bug"
    assert running.pass_fence() is True


def test_a_failure_of_the_broker_ends_the_fence_and_the_run(start: Callable[..., RunningLane]) -> None:
    begun = threading.Event()
    gate = threading.Event()

    def hold(_body: bytes) -> None:
        begun.set()
        gate.wait(PATIENCE)

    running = start(hold)
    running.send(b"slow")
    begun.wait(PATIENCE)
    threading.Thread(target=lambda: running.broker.fail(BrokerError("a task has ended"))).start()
    assert running.pass_fence() is True
    assert str(running.failures.get(timeout=PATIENCE)) == "a task has ended"
    gate.set()


def test_a_fence_that_cannot_be_published_is_an_error(start: Callable[..., RunningLane]) -> None:
    running = start()
    running.broker.refusal = BrokerError("no exchange")
    assert running.pass_fence() is running.broker.refusal


def test_a_fence_that_is_lost_is_an_error(start: Callable[..., RunningLane], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SILENCE", 0.05)
    running = start(lambda _: None, ("no fence arrives",))
    error = running.pass_fence()
    assert str(error) == "the broker has delivered nothing from the queue 'data' for 0.05 s"


def test_slow_messages_before_a_fence_are_not_an_error(
    start: Callable[..., RunningLane], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SILENCE", 0.05)
    running = start(lambda _: time.sleep(0.15))
    for _ in range(2):
        running.send(b"slow")
    assert running.pass_fence() is True
