"""SIGTERM during a fault of the broker: the process ends in time and names its unsettled messages."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from services.fake_platform import FakePlatform
from services.rabbitmq import PrivateBroker
from services.step_environment import step_environment
from services.step_queues import StepQueues, step_queues
from tests.integration.broker_client import BLOCKED, CHANNEL_CLOSED, LOST
from tests.integration.broker_faults import consumer_timeout, memory_alarm, without_exchange, without_queue
from tests.integration.proxy import Proxy, proxy
from tests.integration.step_process import StepProcess, python_step

pytestmark = pytest.mark.rabbitmq
LIMIT = 4  # maximum seconds from SIGTERM to the exit
GRACE = 15  # additional seconds for a busy machine
UNSETTLED = "Leaving a message unsettled"


class World:
    """A step's process with its broker, and a gate that holds its messages."""

    def __init__(self, server: PrivateBroker, queues: StepQueues, cable: Proxy, step: StepProcess, gate: Path) -> None:
        self.server, self.queues, self.cable, self.step, self.gate = server, queues, cable, step, gate

    def hold(self, number: int = 1) -> None:
        """Put a message in flight; the gate holds it."""
        self.queues.send({"body": {"n": number}}, {"messageId": f"m{number}"})
        self.log("at the gate")

    def log(self, *texts: str) -> None:
        """Wait for a line with one of the texts."""
        self.step.wait_for_line(lambda record: any(text in record["msg"] for text in texts))

    def terminate(self) -> float:
        """Send SIGTERM, wait for the exit code 0, and return the duration in seconds."""
        started = time.monotonic()
        assert self.step.end() == 0
        return time.monotonic() - started

    def unsettled(self) -> int:
        return sum(UNSETTLED in line for line in self.step.lines)


@pytest.fixture
def world(
    faulty_broker: PrivateBroker, platform: FakePlatform, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[World]:
    with ExitStack() as stack:
        if "impatient" in request.node.name:  # before the step opens its channels
            stack.enter_context(consumer_timeout(faulty_broker, 2000))
        queues = stack.enter_context(step_queues(faulty_broker.uri))
        cable = stack.enter_context(proxy(faulty_broker.uri))
        variables = step_environment(
            queues, platform, function="gated", amqp_uri=cable.uri, shutdown_timeout=LIMIT * 1000
        )
        gate = tmp_path / "gate"
        step = stack.enter_context(python_step({**variables, "GATE": str(gate)}))
        yield World(faulty_broker, queues, cable, step.ready(), gate)


@contextmanager
def frozen(world: World) -> Iterator[None]:
    with world.server.frozen():
        yield


@contextmanager
def out_of_memory(world: World) -> Iterator[None]:
    with memory_alarm(world.server):
        yield


@contextmanager
def exchange_deleted(world: World) -> Iterator[None]:
    with without_exchange(world.queues):
        yield


@contextmanager
def queue_deleted(world: World) -> Iterator[None]:
    with without_queue(world.queues):
        world.log(CHANNEL_CLOSED)
        yield


@contextmanager
def refused(world: World) -> Iterator[None]:
    world.cable.shut()
    world.log(LOST)
    yield
    world.cable.open()


@contextmanager
def impatient(world: World) -> Iterator[None]:
    world.log(CHANNEL_CLOSED)
    yield


Fault = Callable[[World], AbstractContextManager[None]]


@pytest.mark.parametrize("fault", [frozen, out_of_memory, exchange_deleted, queue_deleted, refused])
def test_an_idle_step_ends(world: World, fault: Fault) -> None:
    with fault(world):
        assert world.terminate() < LIMIT + GRACE
    assert world.unsettled() == 0


@pytest.mark.parametrize("fault", [frozen, out_of_memory, exchange_deleted, queue_deleted, refused, impatient])
def test_a_message_in_progress_is_named_and_stays_in_the_queue(world: World, fault: Fault) -> None:
    world.hold()
    with fault(world):
        assert world.terminate() < LIMIT + GRACE
    assert world.unsettled() == 1
    assert any(UNSETTLED in line and '"messageId": "m1"' in line for line in world.step.lines)
    if fault is not queue_deleted:
        assert world.queues.take_input() == [{"body": {"n": 1}}]


@pytest.mark.parametrize("fault", [frozen, out_of_memory, exchange_deleted, refused])
def test_a_message_whose_result_cannot_be_published_is_named_and_stays_in_the_queue(world: World, fault: Fault) -> None:
    world.hold()
    with fault(world):
        world.gate.touch()
        if fault is out_of_memory:
            world.log(BLOCKED)
        elif fault is exchange_deleted:
            world.log(CHANNEL_CLOSED)
        assert world.terminate() < LIMIT + GRACE
    assert world.unsettled() == 1
    assert world.queues.take_input() == [{"body": {"n": 1}}]


def test_a_message_that_ends_in_time_is_settled(world: World) -> None:
    world.hold()
    world.step.process.terminate()
    world.log("Shutting down")
    world.gate.touch()
    assert world.step.exit_code() == 0
    assert world.unsettled() == 0
    assert world.queues.receive("data")[0].message["body"] == {"n": 1}
    assert world.queues.waiting(world.queues.input) == 0
