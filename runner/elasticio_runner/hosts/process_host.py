"""A step in a process of its own. One that dies is started again, as the platform would do it."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from elasticio.runtime.settings import PREFIX

from elasticio_runner.flow_file.problems import FlowError
from elasticio_runner.hosts import News

RESTARTS = 3  # in a row, without a message settled in between
_READY = "Fully initialized"  # what run mode logs when it begins to consume
_LEVELS = {10: 5, 20: logging.DEBUG, 30: logging.INFO, 40: logging.WARNING, 50: logging.ERROR, 60: logging.CRITICAL}


class ProcessHost:
    """A step under run mode. What it logs is the news."""

    def __init__(self, step_id: str, environ: Mapping[str, str], news: News) -> None:
        self._step_id = step_id
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        self._environ = {**inherited, **environ, "LOG_LEVEL": "debug", "PYTHONUNBUFFERED": "1"}
        self._news = news
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._is_ready = threading.Event()
        self._stopping = False
        self._crashes = 0
        self._last_words = ""
        self._failure: str | None = None
        self._keeper = threading.Thread(target=self._keep, name=f"host-{step_id}", daemon=True)

    def start(self) -> None:
        """Start the process and whoever starts it again."""
        self._process = self._spawn()
        self._keeper.start()

    def wait_until_ready(self) -> None:
        """Return when it consumes; raises FlowError where it ends before."""
        self._is_ready.wait()
        if self._failure:
            raise FlowError(f"step {self._step_id} could not be started: {self._failure}")

    def stop(self) -> None:
        """Send SIGTERM and wait for its end."""
        with self._lock:
            self._stopping = True
            if self._process:
                self._process.terminate()
        if self._keeper.is_alive():
            self._keeper.join()

    def shut_down(self) -> None:
        """Run the hook in a process of its own; raises FlowError with its reason."""
        process = self._spawn({PREFIX + "HOOK_SHUTDOWN": "true"})
        self._listen(process)
        if process.wait():
            raise FlowError(self._last_words)

    def _spawn(self, more: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "elasticio_runner.hosts.child"],
            env={**self._environ, **(more or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            process_group=0,  # Ctrl-C is for the runner, which ends its steps in good order
        )

    def _keep(self) -> None:
        """Listen to the process; when it has ended without being told to, start the next one."""
        while process := self._process:
            self._listen(process)
            code = process.wait()
            with self._lock:
                self._process = None
            if not self._stopping:
                self._replace(code)

    def _replace(self, code: int) -> None:
        self._crashes += 1
        if not self._is_ready.is_set() or self._crashes > RESTARTS:
            reason = self._last_words or f"it ended with code {code}"
            self._failure = reason
            self._is_ready.set()
            self._news.gave_up(self._step_id, reason)
            return
        self._news.logged(self._step_id, logging.WARNING, f"the process ended with code {code}; it is started again")
        self._news.crashed(self._step_id)
        with self._lock:
            if not self._stopping:
                self._process = self._spawn()

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        with process:
            for text in process.stdout or ():
                self._hear(text.rstrip("\n"))

    def _hear(self, text: str) -> None:
        """Understand a line of output: one of the runtime's log lines, or whatever the component prints."""
        try:
            line = json.loads(text)
            level, message = _LEVELS[line["level"]], str(line["msg"])
        except (ValueError, KeyError, TypeError):
            self._last_words = text
            self._news.logged(self._step_id, logging.INFO, text)
            return
        if message == "message settled":
            self._settled(line)
        elif message.startswith(_READY):
            self._is_ready.set()
        elif level >= (logging.INFO if line.get("name") == "component" else logging.WARNING):
            self._last_words = message if level == logging.CRITICAL else self._last_words
            self._news.logged(self._step_id, level, message)

    def _settled(self, line: Mapping[str, Any]) -> None:
        self._crashes = 0
        emitted = line.get("emitted") or {}
        for _ in range(emitted.get("rebound", 0)):
            self._news.rebounded(self._step_id)
        self._news.settled(self._step_id, str(line.get("threadId")), bool(emitted.get("httpReply")))
