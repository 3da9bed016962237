"""SIGTERM during a fault of the broker: the process ends in time and names its unsettled messages."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from services.fake_platform import FakePlatform
from services.rabbitmq import PrivateBroker
from services.step_environment import step_environment
from services.step_queues import PATIENCE, StepQueues, step_queues
from tests.integration.broker_client import AWAY, BLOCKED, CHANNEL_CLOSED, LOST
from tests.integration.broker_faults import (
    consumer_timeout,
    make_quorum_queue,
    memory_alarm,
    without_exchange,
    without_queue,
)
from tests.integration.proxy import Proxy, proxy
from tests.integration.step_process import StepProcess, python_step

pytestmark = pytest.mark.rabbitmq
LIMIT = 2  # maximum seconds from SIGTERM to the exit
GRACE = 15  # additional seconds for a busy machine
UNSETTLED = "Leaving a message unsettled"
DURING_LOGIN = 8  # bytes that the client has sent when the broker asks for the login


class World:
    """A step's process with its broker, and a gate that holds its messages."""

    def __init__(self, server: PrivateBroker, queues: StepQueues, cable: Proxy, variables: dict[str, str]) -> None:
        self.server, self.queues, self.cable = server, queues, cable
        self.gate = Path(variables["GATE"])
        self._variables = variables
        self.step: StepProcess

    def run(self, **more: object) -> AbstractContextManager[StepProcess]:
        """Run a process of the step, with further variables."""
        return python_step({**self._variables, **{f"ELASTICIO_{name.upper()}": str(more[name]) for name in more}})

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

    def assert_redelivered(self) -> None:
        """Check that a second process receives the message, and that no message is left."""
        self.gate.touch()
        with self.run() as second:
            assert self.queues.receive("data")[0].message["body"] == {"n": 1}
            assert second.end() == 0
        assert self.queues.waiting(self.queues.queue("data")) == 0
        assert self.queues.waiting(self.queues.input) == 0


@pytest.fixture
def away(faulty_broker: PrivateBroker, platform: FakePlatform, tmp_path: Path) -> Iterator[World]:
    """A world whose step does not run yet."""
    with step_queues(faulty_broker.uri) as queues, proxy(faulty_broker.uri) as cable:
        variables = step_environment(
            queues, platform, function="gated", amqp_uri=cable.uri, shutdown_timeout=LIMIT * 1000
        )
        yield World(faulty_broker, queues, cable, {**variables, "GATE": str(tmp_path / "gate")})


@pytest.fixture
def world(away: World, request: pytest.FixtureRequest) -> Iterator[World]:
    with ExitStack() as stack:
        if "impatient" in request.node.name:  # before the step opens its channels
            stack.enter_context(consumer_timeout(away.server, 2000))
        if "quorum" in request.node.name:
            make_quorum_queue(away.queues)
        more = {"shutdown_timeout": PATIENCE * 1000} if "in_time" in request.node.name else {}
        away.step = stack.enter_context(away.run(**more)).ready()
        yield away


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


@contextmanager
def cut_during_login(world: World) -> Iterator[None]:
    world.cable.limit(DURING_LOGIN)
    world.cable.cut()
    world.log(AWAY)
    yield
    world.cable.limit(None)


@contextmanager
def silent_during_login(world: World) -> Iterator[None]:
    with world.server.frozen():
        world.cable.cut()
        world.log(LOST)
        yield


@contextmanager
def restarting(world: World) -> Iterator[None]:
    world.queues.disconnect()
    world.server.stop()
    world.log(LOST)
    yield
    world.server.start()
    world.queues.connect()


Fault = Callable[[World], AbstractContextManager[None]]


FAULTS: list[Fault] = [
    frozen,
    out_of_memory,
    exchange_deleted,
    queue_deleted,
    refused,
    cut_during_login,
    silent_during_login,
]


@pytest.mark.parametrize("fault", FAULTS)
def test_an_idle_step_ends(world: World, fault: Fault) -> None:
    with fault(world):
        assert world.terminate() < LIMIT + GRACE
    assert world.unsettled() == 0


@pytest.mark.parametrize("fault", [*FAULTS, impatient, restarting])
def test_a_message_in_progress_is_named_and_stays_in_the_queue(world: World, fault: Fault) -> None:
    world.hold()
    with fault(world):
        assert world.terminate() < LIMIT + GRACE
    assert world.unsettled() == 1
    assert any(UNSETTLED in line and '"messageId": "m1"' in line for line in world.step.lines)
    if fault is not queue_deleted:
        world.assert_redelivered()


@pytest.mark.parametrize("fault", [frozen, refused])
def test_a_message_of_a_quorum_queue_is_named_and_stays_in_the_queue(world: World, fault: Fault) -> None:
    world.hold()
    with fault(world):
        assert world.terminate() < LIMIT + GRACE
    assert world.unsettled() == 1
    world.assert_redelivered()


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


def test_after_an_impatient_broker_a_second_container_has_the_message(world: World) -> None:
    world.hold()
    with world.run() as second:
        world.log(CHANNEL_CLOSED)
        second.wait_for_line(lambda record: record["msg"] == "at the gate")
        assert world.terminate() < LIMIT + GRACE
        assert world.unsettled() == 1
        world.gate.touch()
        assert world.queues.receive("data")[0].message["body"] == {"n": 1}
        assert second.end() == 0
    assert world.queues.waiting(world.queues.input) == 0


def test_a_message_that_ends_in_time_is_settled(world: World) -> None:
    world.hold()
    world.step.process.terminate()
    world.log("Shutting down")
    world.gate.touch()
    assert world.step.exit_code() == 0
    assert world.unsettled() == 0
    assert world.queues.receive("data")[0].message["body"] == {"n": 1}
    assert world.queues.waiting(world.queues.input) == 0


@pytest.mark.parametrize(("attempts", "pause"), [(1000, 100), (1, 1000)], ids=["in the middle", "before the last"])
def test_a_step_ends_between_attempts_to_connect(away: World, attempts: int, pause: int) -> None:
    away.cable.shut()
    with away.run(amqp_reconnect_attempts=attempts, amqp_reconnect_timeout=pause) as away.step:
        away.log("Failed to connect to RabbitMQ, retrying")
        assert away.terminate() < LIMIT + GRACE


def test_a_step_ends_during_its_first_login(away: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        uri = f"amqp://guest:guest@127.0.0.1:{listener.getsockname()[1]}"
        with away.run(amqp_uri=uri) as away.step:
            client, _ = listener.accept()
            with client:
                assert away.terminate() < LIMIT + GRACE
