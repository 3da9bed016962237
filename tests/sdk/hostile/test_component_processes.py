"""Components that misbehave in a step's process: other messages are processed, and the process ends when it should."""

import base64
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from elasticio.wire.encryption import Encryptor

from services.encryption import IV, PASSWORD
from services.fake_platform import FakePlatform
from services.rabbitmq import Broker
from services.step_environment import FLOW, STEP, step_environment
from services.step_queues import StepQueues, step_queues
from tests.integration.step_process import ROOT, StepProcess, python_step

COMPONENT = Path(__file__).with_name("component").relative_to(ROOT)
SECRET = "s3cret-of-the-component"


class Attack:
    """A step's process whose component does what the messages say."""

    def __init__(self, queues: StepQueues, step: StepProcess) -> None:
        self.queues, self.step = queues, step

    def did(self, name: str) -> Any:
        """Let the component do something, and return its result."""
        self.queues.send({"body": {"do": name}}, {"messageId": name})
        [received] = self.queues.receive("data")
        assert received.message["body"]["did"] == name
        return received.message["body"]["result"]

    def texts(self) -> list[str]:
        return [json.loads(line)["msg"] for line in self.step.lines if line.startswith("{")]

    def end(self) -> None:
        """End the process, and check that it has settled all messages and its log contains no secret."""
        assert self.step.end() == 0, "".join(self.step.lines)
        assert "Received SIGTERM" in self.texts()
        assert not [text for text in self.texts() if "unsettled" in text]
        assert self.queues.waiting(self.queues.input) == 0
        assert SECRET not in "".join(self.step.lines)


@contextmanager
def attacked(broker: Broker, platform: FakePlatform, config: Any = None, **more: Any) -> Iterator[Attack]:
    options = {"function": "misbehave", "component_path": COMPONENT, "rabbitmq_prefetch_sailor": 3, **more}
    platform.steps[(FLOW, STEP)] = {"config": config or {}, "snapshot": {}, "variables": {"v": "1"}}
    with (
        step_queues(broker.uri) as queues,
        python_step({**step_environment(queues, platform, **options), "LOG_LEVEL": "debug"}) as step,
    ):
        yield Attack(queues, step)


@pytest.fixture
def attack(broker: Broker, platform: FakePlatform) -> Iterator[Attack]:
    with attacked(broker, platform) as running:
        running.step.ready()
        yield running


HARMLESS = {
    "outliving_thread": None,
    "exiting_thread": None,
    "failing_thread": None,
    "unraisable": None,
    "fork_exits": 5 << 8,
    "fork_leaves": 1 << 8,  # the result of the child is refused
    "fork_ends_with_system_exit": 7 << 8,
    "fork_fails": 1 << 8,
    "fork_emits": 1 << 8,
    "terminated_fork": signal.SIGTERM,
    "pool": [1, 2],
    "odd_arguments": None,
    "default_timeout": None,
    "recursion_limit": None,
    "odd_locale": None,
    "patched_json": None,
    "strict_warnings": None,
    "strict_decimals": None,
    "other_folder": None,
    "signal_handler": "ValueError",
    "odd_variables": None,
    "closed_output": None,
    "no_output": None,
    "broken_stream": None,
    "logging_config": None,
}


@pytest.mark.parametrize("name", HARMLESS)
def test_the_next_messages_are_processed(attack: Attack, name: str) -> None:
    assert attack.did(name) == HARMLESS[name]
    for _ in range(3):
        attack.did("nothing")
    attack.end()


def test_all_of_them_in_one_process(attack: Attack) -> None:
    for name, result in HARMLESS.items():
        assert attack.did(name) == result, name
        attack.did("nothing")
    attack.end()


def test_a_program_inherits_no_socket(attack: Attack) -> None:
    assert attack.did("inherited") == 0
    attack.end()


def test_errors_of_threads_are_logged_without_their_text(attack: Attack) -> None:
    attack.did("failing_thread")
    attack.did("unraisable")
    attack.did("fork_fails")
    attack.end()
    texts = attack.texts()
    for start in ("The thread failing ended with ValueError (", "An exception was ignored: ValueError (", "A process"):
        assert [text for text in texts if text.startswith(start)], texts


def test_an_event_after_the_end_is_refused(attack: Attack) -> None:
    attack.did("late_emit")
    attack.step.wait_for_line(lambda record: record["msg"].startswith("The thread late ended with ComponentError"))
    attack.did("nothing")
    attack.end()


def test_deep_json_after_a_raised_recursion_limit(attack: Attack) -> None:
    attack.did("recursion_limit")
    for opening in ("[", '{"body":'):
        attack.queues.send_raw(_encrypted(opening * 500_000), {"messageId": "deep"})
        attack.did("nothing")
    attack.end()
    assert sum(text.startswith("Rejected an unreadable message") for text in attack.texts()) == 2


def _encrypted(text: str) -> bytes:
    return base64.b64encode(Encryptor(PASSWORD, IV).encrypt(text.encode()))


def test_decimals_of_a_header_after_a_change_of_their_context(attack: Attack) -> None:
    for _ in range(5):
        attack.did("strict_decimals")
    attack.end()


SOON = {"shutdown_timeout": 1500}


def test_an_endless_generator_blocks_neither_other_messages_nor_the_end(broker: Broker, platform: FakePlatform) -> None:
    with attacked(broker, platform, data_rate_limit=20, rate_interval=1000, **SOON) as attack:
        attack.step.ready()
        attack.queues.send({"body": {"do": "endless"}}, {"messageId": "endless"})
        attack.queues.send({"body": {"do": "nothing"}}, {"messageId": "good"})
        while "nothing" not in [one.message["body"]["did"] for one in attack.queues.receive("data", 5)]:
            pass
        assert attack.step.end() == 0
        assert "Leaving a message unsettled after 1.5 s; the broker will redeliver it" in attack.texts()


def test_an_exit_handler_that_hangs(broker: Broker, platform: FakePlatform) -> None:
    with attacked(broker, platform, **SOON) as attack:
        attack.step.ready()
        attack.did("exit_handler")
        attack.end()


def test_an_init_that_hangs_does_not_prevent_the_end(broker: Broker, platform: FakePlatform) -> None:
    with attacked(broker, platform, {"init": "hang"}, **SOON) as attack:
        attack.step.wait_for_line(lambda record: record["msg"] == "init hangs\n")
        assert attack.step.end() == 0


def test_a_thread_of_a_failed_init_does_not_prevent_the_end(broker: Broker, platform: FakePlatform) -> None:
    with attacked(broker, platform, {"init": "thread_and_error"}) as attack:
        assert attack.step.exit_code() == 1
        assert attack.texts()[-2].startswith("Failed to start the step: ValueError (")
        assert SECRET not in "".join(attack.step.lines)
        assert not any("did not stop within" in text for text in attack.texts())


def test_a_module_that_ignores_signals(broker: Broker, platform: FakePlatform) -> None:
    with attacked(broker, platform, function="ignoreSignals") as attack:
        attack.step.ready()
        attack.queues.send({"body": 1})
        attack.queues.receive("data")
        attack.end()
