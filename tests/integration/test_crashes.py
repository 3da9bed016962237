"""Kills of a step and restarts of its broker: no message is lost, and none is repeated without need.

The step writes a mark for each message to a named pipe. The test sees each effect at once and kills the step between
the effect and its acknowledgement.
"""

import os
import select
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.fake_platform import fake_platform
from services.rabbitmq import Broker, PrivateBroker
from services.step_environment import step_environment
from services.step_queues import PATIENCE, StepQueues, step_queues
from tests.integration.conftest import Figure
from tests.integration.step_process import StepProcess, python_step

MESSAGES = 200
ALL = {str(number) for number in range(MESSAGES)}
KILLS = 3


class Marks:
    """The marks that a step writes."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self._pipe = os.open(path, os.O_RDWR)  # stays open even while no step writes
        self._rest = b""
        self.counted: Counter[str] = Counter()

    def wait_for(self, distinct: int) -> None:
        """Return when `count` messages have written their marks."""
        while len(self.counted) < distinct:
            assert self._ready(PATIENCE), f"{len(self.counted)} of {distinct} marks came"
            self._read()

    def all(self) -> Counter[str]:
        """Return all marks. Call it after the last step has ended."""
        while self._ready(0):
            self._read()
        return self.counted

    def close(self) -> None:
        os.close(self._pipe)

    def _ready(self, patience: float) -> bool:
        return bool(select.select([self._pipe], [], [], patience)[0])

    def _read(self) -> None:
        *lines, self._rest = (self._rest + os.read(self._pipe, 65536)).split(b"\n")
        self.counted.update(line.decode() for line in lines)


@contextmanager
def flow(uri: str, folder: Path, **settings: Any) -> Iterator[tuple[StepQueues, Marks, dict[str, str]]]:
    """Yield a step's queues with all messages, its marks, and its environment."""
    marks = Marks(folder / "marks")
    try:
        with step_queues(uri) as queues, fake_platform() as platform:
            for number in sorted(ALL, key=int):
                queues.send({"body": {"mark": number}}, {"messageId": f"message {number}"})
            variables = step_environment(queues, platform, **settings)
            yield queues, marks, {**variables, "MARKS": str(folder / "marks")}
    finally:
        marks.close()


def take_outputs(queues: StepQueues) -> Counter[str]:
    """Return the number of outputs of each message. Call it after the step has ended."""
    outputs = queues.receive("data", queues.waiting(queues.queue("data")))
    return Counter(output.message["body"]["mark"] for output in outputs)


def assert_nothing_is_left(queues: StepQueues) -> None:
    """Check that no message waits: unsettled messages return to the queue when the step ends."""
    assert queues.waiting(queues.input) == 0
    assert queues.waiting(queues.queue("error")) == 0


def finish(queues: StepQueues, marks: Marks, step: StepProcess) -> None:
    """Stop the step when all marks are written. It finishes its messages in flight first."""
    marks.wait_for(MESSAGES)
    assert step.end(signal.SIGTERM) == 0
    assert_nothing_is_left(queues)


@pytest.mark.parametrize("prefetch", [1, 10])
def test_a_step_killed_three_times_loses_no_message(
    prefetch: int, broker: Broker, tmp_path: Path, figure: Figure
) -> None:
    with flow(broker.uri, tmp_path, rabbitmq_prefetch_sailor=prefetch) as (queues, marks, variables):
        for kill in range(1, KILLS + 1):
            with python_step(variables) as step:
                marks.wait_for(kill * MESSAGES // (KILLS + 1))
                assert step.process.poll() is None
                assert step.end(signal.SIGKILL) == -signal.SIGKILL
            assert len(marks.all()) < MESSAGES, "the kill came too late to tell anything"
        with python_step(variables) as step:
            finish(queues, marks, step)
        done, outputs = marks.all(), take_outputs(queues)
        assert set(done) == ALL
        assert set(outputs) == ALL
        twice = done.total() - MESSAGES
        figure("done twice", twice)
        figure("put out twice", outputs.total() - MESSAGES)
        assert twice <= KILLS * prefetch
        assert outputs.total() <= done.total()


@pytest.mark.parametrize("prefetch", [1, 10])
def test_a_restart_of_the_broker_loses_no_message(
    prefetch: int, own_broker: PrivateBroker, tmp_path: Path, figure: Figure
) -> None:
    settings: dict[str, Any] = {"rabbitmq_prefetch_sailor": prefetch, "amqp_persistent_messages": "true"}
    with flow(own_broker.uri, tmp_path, **settings) as (queues, marks, variables), python_step(variables) as step:
        marks.wait_for(MESSAGES // 3)
        queues.disconnect()
        own_broker.restart()
        assert len(marks.all()) < MESSAGES, "the restart came too late to tell anything"
        queues.connect()
        finish(queues, marks, step)  # the process was started only once
        done, outputs = marks.all(), take_outputs(queues)
        assert done == Counter(ALL)
        assert set(outputs) == ALL
        twice = outputs.total() - MESSAGES  # the confirm can be lost, then it is published again
        figure("put out twice", twice)
        assert twice <= prefetch
