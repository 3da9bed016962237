"""`elasticio flow run`: runs the flow in a thread and handles signals in the main thread.

After the first Ctrl-C or SIGTERM, the run waits for all open messages and shows them. The second ends the run: messages
in flight have a few seconds, the others remain unfinished. The third ends the process at once.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from elasticio import ElasticioError
from elasticio.runtime.logging import level_of

from elasticio_runner.display import Display
from elasticio_runner.display.plain import PlainDisplay
from elasticio_runner.display.print_redirect import protected_output, show_cursor
from elasticio_runner.display.status_lines import StatusLines
from elasticio_runner.engine.flow_runner import FlowRunner, RunOptions
from elasticio_runner.engine.queues import IN_MEMORY
from elasticio_runner.errors import FlowError
from elasticio_runner.flow_check import as_json
from elasticio_runner.flow_file.flow import Flow
from elasticio_runner.flow_file.problems import LocatedProblem
from elasticio_runner.flow_file.reader import inspect

_LAST_MESSAGES = 3.0  # seconds for the messages in flight after the second signal
# Seconds between two looks for signals. Python can miss a signal that arrives just before its main thread waits.
_SIGNAL_DELAY = 0.2
_exit = os._exit  # while a component runs, `shows_exit` replaces it


@dataclass(frozen=True)
class RunArguments:
    """The options of the command line. `broker` is an AMQP URL, None for the memory broker."""

    broker: str | None = None
    state: Path | None = None
    port: int = 0
    public_url: str | None = None
    is_json: bool = False
    is_verbose: bool = False
    is_quiet: bool = False

    @property
    def log_level(self) -> str | None:
        """The value of LOG_LEVEL for the run, None for the default levels; raises SettingsError."""
        if self.is_verbose:
            return "debug"
        if self.is_quiet:
            return "error"
        level_of(os.environ)
        return os.environ.get("LOG_LEVEL", "").strip() or None


def run(file: Path, arguments: RunArguments) -> int:
    """Run a flow file; returns the exit code. Raises ElasticioError if the flow cannot run."""
    with protected_output() as (out, _):
        shown = _display(out, arguments)
        try:
            return 0 if _run(file, arguments, shown) else 1
        except ElasticioError as error:
            if isinstance(shown, StatusLines):
                shown.event("error", text=str(error))
            raise


def _run(file: Path, arguments: RunArguments, shown: Display) -> bool:
    broker = arguments.broker
    if broker is not None and not broker.startswith(("amqp://", "amqps://")):
        raise FlowError(
            "--broker: must be an AMQP URL, amqp://user:password@host:5672. Omit the option to run in memory."
        )
    options = RunOptions(
        broker or IN_MEMORY,
        arguments.state,
        arguments.port,
        arguments.public_url,
        arguments.log_level,
        arguments.is_verbose,
    )
    flow, warnings = _checked(file)
    for finding in warnings:
        shown.line("flow", logging.WARNING, str(finding), {**as_json(finding), "event": "warning"})
    runner = FlowRunner(flow, shown, options)
    if isinstance(shown, StatusLines):
        shown.on_failure = runner.fail
    return supervise(runner, shown)


def _checked(file: Path) -> tuple[Flow, Sequence[LocatedProblem]]:
    inspection = inspect(file, os.environ)
    return inspection.flow(os.environ), inspection.warnings


def _display(out: IO[str], arguments: RunArguments) -> Display:
    if arguments.is_json:
        return StatusLines(out)
    return PlainDisplay(out, is_quiet=True) if arguments.is_quiet else choose_display(out)


def choose_display(out: IO[str] | None = None, *, is_terminal: bool | None = None) -> Display:
    """Return a live table if both outputs are terminals, otherwise plain lines. Messages are written to `out`."""
    if is_terminal is None:
        is_terminal = (out or sys.stdout).isatty() and sys.stderr.isatty()
    if is_terminal:
        from rich.console import Console  # noqa: PLC0415 (the plain display does not need it)

        from elasticio_runner.display.live import LiveDisplay  # noqa: PLC0415 (as above)

        return LiveDisplay(Console(file=out))
    return PlainDisplay(out)


def supervise(runner: FlowRunner, shown: Display) -> bool:
    """Run a flow until it ends or signals end it; returns whether all messages succeeded."""
    is_over = threading.Event()
    _handle_signals(runner, shown, is_over)
    outcome: list[bool | ElasticioError] = []

    def work() -> None:
        try:
            outcome.append(runner.run())
        except ElasticioError as error:
            outcome.append(error)

    thread = threading.Thread(target=work, name="runner")
    thread.start()
    while thread.is_alive():
        thread.join(_SIGNAL_DELAY)
    is_over.set()
    if not outcome:
        raise FlowError("the run failed because of a bug in the runner; see the traceback above")
    if isinstance(outcome[0], ElasticioError):
        raise outcome[0]
    return outcome[0]


def _handle_signals(runner: FlowRunner, shown: Display, is_over: threading.Event) -> None:
    """Handle the signals. A signal handler may interrupt any code, so another thread ends the run."""
    received: list[int] = []
    signals = threading.Semaphore(0)

    def handle(number: int, _frame: object) -> None:
        received.append(number)
        if len(received) > 2:
            _end_process(number)
        signals.release()

    def obey() -> None:
        signals.acquire()
        runner.drain()
        waiting = runner.progress.waiting_for() or "none at the moment"
        shown.line("flow", logging.INFO, f"finishing open messages ({waiting}); a second signal ends the run")
        signals.acquire()
        if is_over.is_set():
            return
        text = f"ending after the messages in flight, in at most {_LAST_MESSAGES:g} s"
        shown.line("flow", logging.INFO, text)
        runner.abort()
        if not is_over.wait(_LAST_MESSAGES):
            shown.line("flow", logging.WARNING, f"ended with unfinished messages ({runner.progress.waiting_for()})")
            _end_process(received[-1])

    threading.Thread(target=obey, name="signals", daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)


def _end_process(number: int) -> None:
    """End at once: a component's thread cannot be stopped."""
    show_cursor()
    _exit(128 + number)
