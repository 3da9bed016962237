"""Signals that end the runner although the component does not: Ctrl-C for `exec`, the second signal for `flow run`."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PATIENCE = 60
HANGING = """
import sys
import threading

def process(step, message, config, snapshot):
    sys.stderr.write("hanging\\n")
    threading.Event().wait()
"""


@pytest.fixture
def component(tmp_path: Path) -> Path:
    (tmp_path / "hanging.py").write_text(HANGING)
    (tmp_path / "component.json").write_text(
        json.dumps({"triggers": {"hang": {"main": "hanging.py", "type": "polling"}}})
    )
    return tmp_path


@contextmanager
def hanging(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a command, and yield when its component hangs."""
    command = [sys.executable, "-m", "elasticio", *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for(process, "hanging")
            yield process
        finally:
            process.kill()


def wait_for(process: "subprocess.Popen[str]", text: str) -> None:
    assert any(text in line for line in process.stderr or ()), f"{text!r} was not written"


def test_exec_ends_on_ctrl_c(component: Path) -> None:
    with hanging("exec", "hang", "--component", str(component)) as process:
        process.send_signal(signal.SIGINT)
        wait_for(process, "interrupted")
        assert process.wait(PATIENCE) == 130


@pytest.fixture
def file(component: Path) -> Path:
    step = {"id": "begin", "component": str(component), "function": "hang", "schedule": {"every": 3600}}
    (component / "test.flow.json").write_text(json.dumps({"steps": [step]}))
    return component / "test.flow.json"


def test_the_second_signal_ends_a_flow_although_a_component_hangs(file: Path) -> None:
    with hanging("flow", "run", str(file)) as process:
        process.send_signal(signal.SIGINT)
        wait_for(process, "finishing open messages (begin: 1 open); a second signal ends the run")
        process.send_signal(signal.SIGINT)
        wait_for(process, "ended with unfinished messages (begin: 1 open)")
        assert process.wait(PATIENCE) == 130


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_third_signal_ends_a_flow(file: Path, number: signal.Signals) -> None:
    with hanging("flow", "run", str(file)) as process:
        process.send_signal(number)
        wait_for(process, "finishing open messages")
        process.send_signal(number)
        wait_for(process, "ending after the messages in flight")
        process.send_signal(number)
        assert process.wait(PATIENCE) == 128 + number
