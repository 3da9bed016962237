"""A step's process, its CPU time and its memory. Reads /proc, so it works on Linux only."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from bench.runtimes import ROOT

PATIENCE = 60
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def cpu_ms(pid: int) -> float:
    """Return the CPU time of all threads of a process, in milliseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_MS


class StepProcess:
    """A running step. Its output is written to a file: reading a pipe would cost the benchmark CPU time."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ELASTICIO_")}
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed in __exit__)
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**clean, **environ}, stdout=self._log, stderr=subprocess.STDOUT
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._log.close()

    @property
    def pid(self) -> int:
        """The process ID."""
        return self._process.pid

    def cpu_ms(self) -> float:
        """CPU time of all threads, in milliseconds."""
        return cpu_ms(self.pid)

    def peak_rss_mb(self) -> float:
        """Peak memory in megabytes. Raises RuntimeError if the process has exited."""
        return self._memory_mb("VmHWM:")

    def rss_mb(self) -> float:
        """Current memory in megabytes. Raises RuntimeError if the process has exited."""
        return self._memory_mb("VmRSS:")

    def _memory_mb(self, name: str) -> float:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1024
        raise RuntimeError("The step has exited.")

    def check(self) -> None:
        """Raise RuntimeError with the end of the output if the process has exited."""
        if self._process.poll() is not None:
            raise RuntimeError(f"The step exited with {self._process.returncode}; its output:\n{self.output()}")

    def output(self) -> str:
        """Return the end of the output."""
        size = self._log.seek(0, os.SEEK_END)
        return os.pread(self._log.fileno(), 4000, max(0, size - 4000)).decode(errors="replace")

    def stop(self) -> None:
        """Send SIGTERM and wait for the exit; send SIGKILL after PATIENCE seconds."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Send SIGKILL and wait for the exit."""
        self._process.kill()
        self._process.wait()
