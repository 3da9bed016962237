"""Only one runner can use a state file."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from elasticio_runner.engine.state_file import locked
from elasticio_runner.errors import FlowError

PATIENCE = 60
HOLD = "import sys, pathlib\nfrom elasticio_runner.engine.state_file import locked\n"
HOLD += "with locked(pathlib.Path(sys.argv[1])):\n    print('locked', flush=True)\n    sys.stdin.read()"


@pytest.fixture
def hold() -> Iterator[Callable[[Path], "subprocess.Popen[str]"]]:
    """Start a process that holds the lock of a state file until its standard input ends."""
    started: list[subprocess.Popen[str]] = []

    def begin(file: Path) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", HOLD, str(file)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout
        assert process.stdout.readline() == "locked\n"
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_runner_is_refused(tmp_path: Path, hold: Callable[[Path], "subprocess.Popen[str]"]) -> None:
    state, flow = tmp_path / "state.json", tmp_path / "one.flow.json"
    flow.write_text(
        '{"steps": [{"id": "begin", "component": "builtin", "function": "start", "schedule": {"runs": 1}}]}'
    )
    command = [sys.executable, "-m", "elasticio", "flow", "run", str(flow), "--state", str(state)]
    holder = hold(state)
    refused = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1] == (
        f"the state file {state} is in use by another runner. Wait until it ends, or choose another --state file."
    )
    holder.communicate("")
    accepted = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert accepted.returncode == 0, accepted.stderr


def test_the_lock_of_a_killed_process_is_released(
    tmp_path: Path, hold: Callable[[Path], "subprocess.Popen[str]"]
) -> None:
    holder = hold(tmp_path / "state.json")
    with pytest.raises(FlowError, match="in use by another runner"), locked(tmp_path / "state.json"):
        pass
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with locked(tmp_path / "state.json"):
        pass


def test_two_state_files_in_one_folder_do_not_exclude_each_other(tmp_path: Path) -> None:
    with locked(tmp_path / "a.json"), locked(tmp_path / "b.json"), locked(None):
        pass


def test_a_missing_folder_is_an_error_and_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(FlowError, match="does not exist"), locked(tmp_path / "none" / "state.json"):
        pass
    assert list(tmp_path.iterdir()) == []
