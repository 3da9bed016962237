"""Lost connections: no message is lost, and none is processed twice."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.fake_platform import FakePlatform
from services.step_environment import step_environment
from services.step_queues import StepQueues
from tests.integration.proxy import Proxy, proxy
from tests.integration.step_process import StepProcess, python_step

LOST, BACK = "Connection to RabbitMQ lost, reconnecting", "Connection to RabbitMQ restored"


@pytest.fixture
def cable(queues: StepQueues) -> Iterator[Proxy]:
    with proxy(queues.uri) as running:
        yield running


class Gate:
    """Holds messages of the action `gated` until the test opens it, and counts the starts of each."""

    def __init__(self, folder: Path) -> None:
        self.file, self.marks = folder / "gate", folder / "marks"

    def environ(self) -> dict[str, str]:
        return {"GATE": str(self.file), "MARKS": str(self.marks)}

    def open(self) -> None:
        self.file.touch()

    def begun(self) -> list[int]:
        return sorted(map(int, self.marks.read_text().split()))


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)


def gated_step(queues: StepQueues, platform: FakePlatform, cable: Proxy, gate: Gate, **more: Any) -> Any:
    variables = step_environment(queues, platform, function="gated", amqp_uri=cable.uri, **more)
    return python_step({**variables, **gate.environ(), "LOG_LEVEL": "debug"})


def hold(step: StepProcess, queues: StepQueues, count: int) -> None:
    """Send `count` messages and wait until the gate holds all of them."""
    for number in range(count):
        queues.send({"body": {"n": number}})
    for _ in range(count):
        step.wait_for_line(lambda record: record["msg"] == "at the gate")


def lines(step: StepProcess, text: str, count: int = 1) -> None:
    for _ in range(count):
        step.wait_for_line(lambda record: text in record["msg"])


def empty(queues: StepQueues, cable: Proxy) -> bool:
    """Whether no message remains: none waits, and closing the connection requeues none."""
    cable.shut()
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        if queues.waiting(queues.input):
            return False
        queues.sleep(0.05)
    return True


@pytest.mark.parametrize("prefetch", [1, 5])
def test_messages_in_flight_are_processed_once_and_acked_over_the_new_connection(
    queues: StepQueues, platform: FakePlatform, cable: Proxy, gate: Gate, prefetch: int
) -> None:
    with gated_step(queues, platform, cable, gate, rabbitmq_prefetch_sailor=prefetch) as step:
        hold(step, queues, prefetch)
        cable.cut()
        lines(step, BACK, 2)  # reading and writing
        gate.open()
        queues.receive("data", prefetch)
        assert step.end() == 0
    assert gate.begun() == list(range(prefetch))
    assert empty(queues, cable)


def test_messages_finished_without_a_connection_are_acked_after_a_reconnect(
    queues: StepQueues, platform: FakePlatform, cable: Proxy, gate: Gate
) -> None:
    with gated_step(queues, platform, cable, gate, rabbitmq_prefetch_sailor=2) as step:
        hold(step, queues, 2)
        cable.shut()
        lines(step, LOST, 2)
        gate.open()
        lines(step, "Failed to reconnect to RabbitMQ, retrying", 3)
        cable.open()
        queues.receive("data", 2)
        assert step.end() == 0
    assert gate.begun() == [0, 1]
    assert empty(queues, cable)


def test_a_rejected_message_stays_rejected(
    queues: StepQueues, platform: FakePlatform, cable: Proxy, gate: Gate
) -> None:
    with gated_step(queues, platform, cable, gate, outgoing_message_size_limit=10) as step:
        hold(step, queues, 1)
        cable.cut()
        lines(step, BACK, 2)
        gate.open()
        (error,) = queues.receive("error")
        assert "exceeds limit of 10" in error.message["error"]["message"]
        assert step.end() == 0
    assert gate.begun() == [0]
    assert empty(queues, cable)


def test_a_step_with_a_message_in_flight_ends_normally_after_a_reconnect(
    queues: StepQueues, platform: FakePlatform, cable: Proxy, gate: Gate
) -> None:
    with gated_step(queues, platform, cable, gate) as step:
        hold(step, queues, 1)
        queues.send({"body": {"n": 99}})
        step.process.terminate()
        lines(step, "Received SIGTERM")
        cable.cut()
        lines(step, BACK, 2)
        gate.open()
        assert step.exit_code() == 0
    assert [received.message["body"] for received in queues.receive("data")] == [{"n": 0}]
    cable.shut()
    assert queues.take_input() == [{"body": {"n": 99}}]


def test_a_step_consumes_after_several_lost_connections(
    queues: StepQueues, platform: FakePlatform, cable: Proxy, gate: Gate
) -> None:
    gate.open()
    with gated_step(queues, platform, cable, gate, rabbitmq_prefetch_sailor=3) as step:
        step.ready()
        for number in range(300):
            queues.send({"body": {"n": number}})
            if number % 100 == 30:
                cable.cut()
                lines(step, BACK, 2)
        came: set[int] = set()
        while len(came) < 300:  # a publication without a confirm when the cable was cut arrives twice
            came |= {received.message["body"]["n"] for received in queues.receive("data")}
        assert step.end() == 0
    assert gate.begun() == list(range(300))  # none was started twice
    assert empty(queues, cable)


def test_a_cancelled_consumer_resumes_when_its_queue_exists_again(
    queues: StepQueues, platform: FakePlatform, cable: Proxy, gate: Gate
) -> None:
    gate.open()
    with gated_step(queues, platform, cable, gate) as step:
        step.ready()
        queues.delete_input()
        lines(step, "Failed to reconnect to RabbitMQ, retrying")
        queues.declare_input()
        queues.send({"body": {"n": 1}})
        queues.receive("data")
        assert step.end() == 0


def test_a_rebounded_message_is_not_a_redelivery(queues: StepQueues, platform: FakePlatform) -> None:
    headers = {"messageId": "m1"}
    queues.send({"body": {"emit": [["rebound", "later"]]}}, headers)
    with python_step({**step_environment(queues, platform), "LOG_LEVEL": "debug"}) as step:
        for iteration in (1, 2):
            (rebound,) = queues.receive("rebound")
            assert rebound.headers["reboundIteration"] == iteration
            queues.send_raw(rebound.payload, rebound.headers)
        assert step.end() == 0


def test_after_the_last_failed_attempt_the_step_ends_and_the_message_stays(
    queues: StepQueues, platform: FakePlatform, cable: Proxy
) -> None:
    variables = step_environment(
        queues,
        platform,
        publish_messages_to="no.such.exchange",
        amqp_publish_retry_attempts=3,
        amqp_publish_retry_delay=1,
        amqp_uri=cable.uri,
    )
    queues.send({"body": {"tell": True}})
    with python_step(variables) as step:
        assert step.exit_code() == 1
    assert "no.such.exchange" in step.lines[-1]
    cable.shut()
    assert queues.take_input() == [{"body": {"tell": True}}]


def test_a_refused_result_becomes_the_error_of_the_message(queues: StepQueues, platform: FakePlatform) -> None:
    queues.refuse("data")
    variables = step_environment(queues, platform, amqp_publish_retry_attempts=2, amqp_publish_retry_delay=1)
    queues.send({"body": {"tell": True}})
    with python_step(variables) as step:
        (error,) = queues.receive("error")
        assert error.message["error"]["name"] == "BrokerError"
        assert "the broker refused the message" in error.message["error"]["message"]
        assert step.end() == 0
    assert queues.waiting(queues.input) == 0


def test_a_refused_result_does_not_hide_a_later_error_of_the_component(
    queues: StepQueues, platform: FakePlatform
) -> None:
    queues.refuse("data")
    variables = step_environment(queues, platform, amqp_publish_retry_attempts=2, amqp_publish_retry_delay=1)
    queues.send({"body": {"tell": True, "raise": "later"}})
    with python_step(variables) as step:
        (error,) = queues.receive("error")
        assert error.message["error"]["message"] == "later"
        assert step.end() == 0
    assert queues.waiting(queues.input) == 0


def test_a_message_rebounded_as_the_connection_is_lost_exists_once(
    queues: StepQueues, platform: FakePlatform, cable: Proxy
) -> None:
    """The message is rebounded or redelivered, never both. Each loss happens at another moment."""
    count, cuts = 400, 10
    for number in range(count):
        queues.send({"body": {"emit": [["rebound", "later"]]}}, {"messageId": f"m{number}"})
    rebounded: list[str] = []
    with python_step(step_environment(queues, platform, amqp_uri=cable.uri, rabbitmq_prefetch_sailor=5)) as step:
        for _ in range(cuts):
            rebounded += [message.headers["messageId"] for message in queues.receive("rebound", 20)]
            cable.cut()
        rebounded += [message.headers["messageId"] for message in queues.receive("rebound", count - 20 * cuts)]
        assert step.end() == 0
    assert len(set(rebounded)) == count
    assert queues.waiting(queues.queue("rebound")) == 0
    assert queues.waiting(queues.input) == 0
