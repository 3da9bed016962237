"""Each way in which a process ends has its exit code, and a line with its reason.

`test_run_mode.py` tests starts that fail because of the environment, the broker, the platform or the component, and
`test_shutdown.py` tests SIGTERM.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from services.fake_platform import FakePlatform
from services.step_environment import FLOW, STEP, step_environment
from services.step_queues import StepQueues
from tests.integration.broker_client import LOST
from tests.integration.proxy import proxy
from tests.integration.step_process import StepProcess, python_step


def reason(step: StepProcess) -> str:
    """Wait for the exit code 1 and return the text of the last line, which is the only one of level fatal."""
    assert step.exit_code() == 1
    lines = [json.loads(line) for line in step.lines]
    assert [line["level"] == 60 for line in lines] == [*[False] * (len(lines) - 1), True]
    return str(lines[-1]["msg"])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"LOG_LEVEL": "loud"}, "SettingsError: LOG_LEVEL: must be one of trace, debug"),
        ({"ELASTICIO_RABBITMQ_PREFETCH_SAILOR": "many"}, "ELASTICIO_RABBITMQ_PREFETCH_SAILOR: must be a whole number"),
        ({"ELASTICIO_STEP_ID": ""}, "missing: ELASTICIO_STEP_ID"),
    ],
)
def test_an_invalid_environment(platform: FakePlatform, changes: dict[str, str], told: str) -> None:
    with python_step({**step_environment(None, platform, hook_shutdown="true"), **changes}) as step:
        assert told in reason(step)


def test_a_shutdown_hook_that_fails(platform: FakePlatform) -> None:
    platform.startup[FLOW] = {"id": 7}
    with python_step(step_environment(None, platform, hook_shutdown="true")) as step:  # MARKS is missing
        assert reason(step).startswith("Failed to run the shutdown hook: KeyError (")
    assert platform.startup[FLOW] == {"id": 7}  # the hook can run again


@pytest.mark.parametrize("code", [0, 3])
def test_a_hook_that_exits(queues: StepQueues, platform: FakePlatform, code: int) -> None:
    platform.steps[FLOW, STEP] = {"config": {"init_exit": code}}
    with python_step(step_environment(queues, platform)) as step:
        assert reason(step).startswith("Failed to start the step: SystemExit (")
    assert queues.receive("error")[0].message["error"]["name"] == "SystemExit"


def test_a_secret_in_the_text_of_a_hook_s_error(queues: StepQueues, platform: FakePlatform) -> None:
    platform.steps[FLOW, STEP] = {"config": {"init_error": "GET https://me:s3cret@files.example/a?sign=s3cret failed"}}
    with python_step(step_environment(queues, platform)) as step:
        told = reason(step)
        assert re.fullmatch(r"Failed to start the step: RuntimeError \(.*scripted/lib/script\.py:\d+\)", told)
        assert "s3cret" not in "".join(step.lines)
    told = queues.receive("error")[0].message["error"]["message"]
    assert told == "GET https://…@files.example/a?… failed"


def test_a_background_task_that_ends(queues: StepQueues, platform: FakePlatform, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with proxy(queues.uri) as cable:
        variables: dict[str, Any] = step_environment(
            queues, platform, function="sabotage", amqp_uri=cable.uri, shutdown_timeout=60_000
        )
        queues.send({"body": {"n": 1}})
        with python_step({**variables, "GATE": str(gate)}) as step:
            step.wait_for_line(lambda record: record["msg"] == "at the gate")
            cable.cut()
            step.wait_for_line(lambda record: record["msg"].startswith("Shutting down"))
            gate.touch()
            assert reason(step) == "Stopped because of an error: unhashable type: 'list'"
        assert not any(LOST in line and "connection=read" in line for line in step.lines)
    assert queues.take_input() == [{"body": {"n": 1}}]
