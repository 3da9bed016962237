"""Type checkers outside this repository find an editable install of the SDK and the runner."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.new_environment import new_environment, run
from tests.contract.repository import ROOT

COMPONENT = """
from elasticio import Message, Step
def process(step: Step, message: Message, config: dict[str, object], snapshot: dict[str, object]) -> Message:
    step.logger.info("one message")
    return Message(body=message.body)
"""
RUNNER = """
from elasticio_runner.cli import register
register(1)
"""
HIDDEN = ("_elasticio_sdk.pth", "_elasticio_runner.pth", "elasticio_sdk-", "elasticio_runner-")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment with nothing but the two editable installs and what builds them."""
    folder = tmp_path_factory.mktemp("editable")
    python = new_environment(folder, HIDDEN)
    options = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
    for room in ("sdk", "runner"):
        done = run(python, "-m", "pip", "install", *options, "--editable", ROOT / room, cwd=folder)
        assert done.returncode == 0, done.stderr
    return python


def check(python: Path, folder: Path, source: str) -> "subprocess.CompletedProcess[str]":
    (folder / "component.py").write_text(source)
    mypy = (sys.executable, "-m", "mypy", "--strict", "--python-executable", python)
    return run(*mypy, "--cache-dir", folder / "cache", "component.py", cwd=folder)


def test_a_component_is_checked_with_the_types_of_the_sdk(python: Path, tmp_path: Path) -> None:
    good = check(python, tmp_path, COMPONENT)
    assert good.stdout.startswith("Success"), good.stdout + good.stderr
    bad = check(python, tmp_path, COMPONENT.replace("Message(body=message.body)", "message.no_such_name"))
    assert '"Message" has no attribute "no_such_name"' in bad.stdout


def test_the_runner_is_typed(python: Path, tmp_path: Path) -> None:
    assert 'Argument 1 to "register" has incompatible type "int"' in check(python, tmp_path, RUNNER).stdout


def test_the_commands_of_the_runner_are_found(python: Path, tmp_path: Path) -> None:
    shown = run(python, "-m", "elasticio", "flow", "run", "--help", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "--state" in shown.stdout
