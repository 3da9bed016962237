"""The commands in the README work as written."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from callfire_sandbox.server import Running, start

from tests.contract.repository import ROOT

SECTION = (ROOT / "README.md").read_text().split("\n## Run flows on your machine\n")[1].split("\n## ")[0]
BLOCK = re.findall(r"(?ms)^```sh\n(.*?)^```", SECTION)[0].replace("\\\n", "")
SANDBOX, VARIABLES, FLOW, EXEC = BLOCK.splitlines()


def adapted(command: str, callfire: Running) -> str:
    """Return a command with this test's Python and the address of its sandbox."""
    address = callfire.url.removesuffix("/v2")
    return command.replace(".venv/bin/", f"{Path(sys.executable).parent}/").replace("http://127.0.0.1:8080", address)


@pytest.fixture
def callfire() -> Iterator[Running]:
    """The sandbox that the first command starts, on a free port."""
    with start() as running:
        yield running


@contextmanager
def running(script: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a shell script in its own process group."""
    process = subprocess.Popen(
        ("/bin/sh", "-c", script),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_the_first_command_starts_a_sandbox_with_the_shown_login() -> None:
    options = re.fullmatch(r'make sandbox ARGS="--port 8080" &(?: +#.*)?', SANDBOX)
    assert options
    with running(f"exec {sys.executable} -m sandbox --port 0") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        for name in ("USERNAME", "PASSWORD"):
            [value] = re.findall(rf"CALLFIRE_{name}=(\S+)", VARIABLES)
            assert re.search(rf"\b{value}\b", line)


def test_a_single_function_runs(callfire: Running) -> None:
    with running(f"{adapted(VARIABLES, callfire)}\n{adapted(EXEC, callfire)}") as process:
        output, _ = process.communicate()
        assert process.returncode == 0, output
        assert '"event": "data"' in output


def test_the_flow_runs_until_it_is_interrupted(callfire: Running) -> None:
    with running(f"{adapted(VARIABLES, callfire)}\nexec {adapted(FLOW, callfire)}") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert "rror" not in first
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate()
        assert process.returncode == 0, first + output
