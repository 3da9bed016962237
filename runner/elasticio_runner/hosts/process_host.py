"""A step in a separate process. Like on the platform, a process that dies is restarted."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress

from elasticio.runtime.settings import PREFIX

from elasticio_runner.display.log_lines import LogLevels, is_shown_otherwise
from elasticio_runner.errors import FlowError, describe
from elasticio_runner.hosts import ReboundNotice, SettledNotice, StepEvents
from elasticio_runner.hosts.reports import listen

_LAST_OUTPUT = 5.0  # maximum seconds for the rest of a pipe that a detached process of the component keeps open
RESTARTS = 3  # consecutive restarts without a settled message in between
_LEVELS = {10: 5, 20: logging.DEBUG, 30: logging.INFO, 40: logging.WARNING, 50: logging.ERROR, 60: logging.CRITICAL}


class ProcessHost:
    """Implements `StepHost` with a process. It receives the process's reports and shows its output."""

    def __init__(self, step_id: str, environ: Mapping[str, str], events: StepEvents) -> None:
        self._step_id = step_id
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        self._levels = LogLevels(environ)
        self._environ = {**inherited, "LOG_LEVEL": "info", **environ, "PYTHONUNBUFFERED": "1"}
        self._events = events
        self._lock = threading.Lock()
        self._process: _StepProcess | None = None
        self._is_ready = threading.Event()
        self._stopping = False
        self._crashes = 0
        self._reason = ""  # what the process has reported
        self._last_line = ""  # of its output
        self._failure: str | None = None
        self._keeper = threading.Thread(target=self._keep, name=f"host-{step_id}", daemon=True)

    def start(self) -> None:
        """Start the process, and the thread that restarts it."""
        self._process = self._spawn()
        self._keeper.start()

    def wait_until_ready(self) -> None:
        """Return when the step consumes messages; raises FlowError if the process ends before."""
        self._is_ready.wait()
        if self._failure:
            raise FlowError(f"failed to start step {self._step_id}: {self._failure}")

    def stop(self) -> None:
        """Send SIGTERM and wait for the end of the process."""
        with self._lock:
            self._stopping = True
            if self._process:
                self._process.terminate()
        if self._keeper.is_alive():
            self._keeper.join()

    def shut_down(self) -> None:
        """Run the shutdown hook in a separate process; raises FlowError with the reason if it fails."""
        if code := self._spawn({PREFIX + "HOOK_SHUTDOWN": "true"}).wait():
            raise FlowError(self._reported_reason(code) or f"the process ended with code {code}")

    # Reports of the process

    def ready(self) -> None:
        """Record that the step consumes messages."""
        self._is_ready.set()

    def rebounded(self, notice: ReboundNotice) -> None:
        """Pass on a rebound."""
        self._events.rebounded(self._step_id, notice)

    def settled(self, notice: SettledNotice) -> None:
        """Pass on a settled message, and reset the number of crashes."""
        self._crashes = 0
        self._events.settled(self._step_id, notice)

    def failed(self, reason: str) -> None:
        """Store the reason until the process has ended."""
        self._reason = reason

    def printed(self, text: str) -> None:
        """Show a line of output: a log line of the runtime or the component, or printed text."""
        try:
            line = json.loads(text)
            level, message = _LEVELS[line["level"]], str(line["msg"])
        except (ValueError, KeyError, TypeError, RecursionError):
            self._last_line = text
            self._events.logged(self._step_id, logging.INFO, text)
            return
        name = str(line.get("name"))
        if self._levels.show(name, level) and not is_shown_otherwise(name, message):
            self._events.logged(self._step_id, level, message)

    def _reported_reason(self, code: int) -> str:
        """Return the reason that the process has reported, otherwise its code and its last line; "" if killed."""
        if code < 0:  # a killed process cannot report a reason
            return ""
        last = f"; its last line of output is: {self._last_line}" if self._last_line else ""
        return self._reason or f"the process ended with code {code}{last}"

    def _spawn(self, more: Mapping[str, str] | None = None) -> "_StepProcess":
        self._reason = self._last_line = ""
        return _StepProcess({**self._environ, **(more or {})}, self)

    def _keep(self) -> None:
        """Wait for the end of the process. Unless it was stopped, start a new one."""
        while process := self._process:
            code = process.wait()
            with self._lock:
                self._process = None
            if not self._stopping:
                try:
                    self._replace(code)
                except Exception as error:  # noqa: BLE001 (the run would wait forever for the messages of this step)
                    self._give_up(f"the process ended with code {code} and cannot be restarted: {describe(error)}")

    def _replace(self, code: int) -> None:
        self._crashes += 1
        if not self._is_ready.is_set() or self._crashes > RESTARTS:
            self._give_up(self._reported_reason(code) or f"the process ended with code {code}")
            return
        self._events.logged(self._step_id, logging.WARNING, f"restarting the process, which ended with code {code}")
        self._events.crashed(self._step_id)
        with self._lock:
            if not self._stopping:
                self._process = self._spawn()

    def _give_up(self, reason: str) -> None:
        self._failure = reason
        self._is_ready.set()
        self._events.gave_up(self._step_id, reason)


class _StepProcess:
    """A process, a reader for its reports and a reader for its output."""

    def __init__(self, environ: Mapping[str, str], host: ProcessHost) -> None:
        self._host = host
        reading, writing = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603 (a program of this distribution)
            [sys.executable, "-m", "elasticio_runner.hosts.child", str(writing)],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            pass_fds=(writing,),
            process_group=0,  # Ctrl-C must reach only the runner, which stops its steps in order
        )
        os.close(writing)
        self._readers = (
            threading.Thread(target=listen, args=(reading, host), daemon=True),
            threading.Thread(target=self._pass_on_output, daemon=True),
        )
        for reader in self._readers:
            reader.start()

    def terminate(self) -> None:
        self._process.terminate()

    def wait(self) -> int:
        """Return the exit code after all output and all reports.

        Processes that the component has started end with this one, as in a container. They could keep the pipes open.
        """
        code = self._process.wait()
        with suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for reader in self._readers:
            reader.join(_LAST_OUTPUT)
        if self._process.stdin:
            self._process.stdin.close()
        return code

    def _pass_on_output(self) -> None:
        if self._process.stdout:
            with self._process.stdout as output:
                for text in output:
                    self._host.printed(text.rstrip("\n"))
