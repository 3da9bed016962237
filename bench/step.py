"""A step's process, its processor time and its memory. Read from /proc: this is for Linux."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from bench.sides import ROOT

PATIENCE = 60
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def cpu_ms(pid: int) -> float:
    """Return the processor time of a process so far, of all its threads, in milliseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_MS


class StepProcess:
    """A process that was just started. Its output goes into a file: a pipe would make us part of the work."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ELASTICIO_")}
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 (closed in __exit__)
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**clean, **environ}, stdout=self._output, stderr=subprocess.STDOUT
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._output.close()

    @property
    def pid(self) -> int:
        """Its id."""
        return self._process.pid

    def cpu_ms(self) -> float:
        """Processor time so far, of all its threads, in milliseconds."""
        return cpu_ms(self.pid)

    def peak_rss_mb(self) -> float:
        """The most memory it has had, in megabytes."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("The process has ended.")

    def check(self) -> None:
        """Raise RuntimeError with the end of its output if it has ended."""
        if self._process.poll() is not None:
            raise RuntimeError(f"The step ended with {self._process.returncode}; it said:\n{self.said()}")

    def said(self) -> str:
        """Return the end of its output."""
        size = self._output.seek(0, os.SEEK_END)
        return os.pread(self._output.fileno(), 4000, max(0, size - 4000)).decode(errors="replace")

    def end(self) -> None:
        """Ask it to end, and wait until it has."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it without asking."""
        self._process.kill()
        self._process.wait()
