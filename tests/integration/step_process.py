"""A step of a flow in a separate process, as on the platform."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.node_sailor import NodeSailor
from services.step_queues import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (sys.executable, "-m", "elasticio", "run")


@dataclass(frozen=True)
class Checkout:
    """The code that a step runs: the Python interpreter with its packages, and the working directory."""

    python: str = sys.executable
    folder: Path = ROOT


class StepProcess:
    """The process and its log lines."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], folder: Path = ROOT) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ELASTICIO_")}
        self.process = subprocess.Popen(
            command, cwd=folder, env={**clean, **environ}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self._fresh: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            self._fresh.put(line)
        self._fresh.put(None)

    def wait_for_line(self, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first unread log line that matches the condition."""
        while (line := self._fresh.get(timeout=PATIENCE)) is not None:
            record = json.loads(line) if line.startswith("{") else {"msg": line}
            if condition(record):
                return record
        raise AssertionError("the process ended; it said:\n" + "".join(self.lines))

    def ready(self) -> "StepProcess":
        """Wait until the step consumes messages."""
        self.wait_for_line(lambda record: record.get("msg") == "Fully initialized and waiting for messages")
        return self

    def exit_code(self) -> int:
        """Wait for the exit of the process."""
        code = self.process.wait(PATIENCE)
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()
        return code

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the exit of the process."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.exit_code()


@contextmanager
def python_step(
    variables: Mapping[str, str], checkout: Checkout | None = None, wrapper: Sequence[str] = ()
) -> Iterator[StepProcess]:
    """Run this SDK's sailor, or the one of another checkout, and stop it at the end.

    `wrapper` is a command that runs the command in its arguments.
    """
    code = checkout or Checkout()
    yield from _running(StepProcess((*wrapper, code.python, *PYTHON[1:]), variables, code.folder))


@contextmanager
def node_step(node: NodeSailor, variables: Mapping[str, str]) -> Iterator[StepProcess]:
    """Run the vendor's sailor, and stop it at the end."""
    yield from _running(StepProcess(node.run, {**variables, "NODE_PATH": str(node.modules)}))


def _running(step: StepProcess) -> Iterator[StepProcess]:
    try:
        yield step
    except BaseException as error:
        step.end(signal.SIGKILL)
        error.add_note("The step said:\n" + "".join(step.lines))
        raise
    step.end(signal.SIGKILL)
