"""`elasticio flow run`: runs the flow in a thread and handles signals in the main thread.

After the first Ctrl-C or SIGTERM, the run waits for all open messages. After the second, it waits only for messages in
flight. The third ends the process at once.
"""

import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import IO

from elasticio import ElasticioError

from elasticio_runner.display import Display
from elasticio_runner.display.plain import PlainDisplay
from elasticio_runner.display.print_redirect import prints_to_stderr
from elasticio_runner.engine.flow_runner import FlowRunner, RunOptions
from elasticio_runner.engine.queues import IN_MEMORY
from elasticio_runner.errors import FlowError
from elasticio_runner.flow_file.reader import read


def run(file: Path, *, broker: str | None, state: Path | None, port: int, public_url: str | None) -> int:
    """Run a flow file; returns the exit code. Raises ElasticioError if the flow cannot run."""
    if broker is not None and not broker.startswith(("amqp://", "amqps://")):
        raise FlowError(
            "--broker: must be an AMQP URL, amqp://user:password@host:5672. Omit the option to run in memory."
        )
    flow = read(file, os.environ)
    is_terminal = sys.stdout.isatty() and sys.stderr.isatty()
    with prints_to_stderr() as out:
        shown = choose_display(out, is_terminal=is_terminal)
        runner = FlowRunner(flow, shown, RunOptions(broker or IN_MEMORY, state, port, public_url))
        return 0 if supervise(runner, shown) else 1


def choose_display(out: IO[str] | None = None, *, is_terminal: bool | None = None) -> Display:
    """Return a live table if both outputs are terminals, otherwise plain lines. Messages are written to `out`."""
    if is_terminal is None:
        is_terminal = sys.stdout.isatty() and sys.stderr.isatty()
    if is_terminal:
        from rich.console import Console  # noqa: PLC0415 (the plain display does not need it)

        from elasticio_runner.display.live import LiveDisplay  # noqa: PLC0415 (as above)

        return LiveDisplay(Console(file=out))
    return PlainDisplay(out)


def supervise(runner: FlowRunner, shown: Display) -> bool:
    """Run a flow until it ends or signals end it; returns whether all messages succeeded."""
    _handle_signals(runner, shown)
    outcome: list[bool | ElasticioError] = []

    def work() -> None:
        try:
            outcome.append(runner.run())
        except ElasticioError as error:
            outcome.append(error)

    thread = threading.Thread(target=work, name="runner")
    thread.start()
    thread.join()
    if not outcome:
        raise FlowError("the run failed because of a bug in the runner; see the traceback above")
    if isinstance(outcome[0], ElasticioError):
        raise outcome[0]
    return outcome[0]


def _handle_signals(runner: FlowRunner, shown: Display) -> None:
    """Handle the signals. A signal handler may interrupt any code, so another thread ends the run."""
    received = 0
    signals = threading.Semaphore(0)

    def handle(number: int, _frame: object) -> None:
        nonlocal received
        received += 1
        if received > 2:
            os._exit(128 + number)
        signals.release()

    def obey() -> None:
        signals.acquire()
        runner.drain()
        waiting = runner.progress.waiting_for() or "none in a step, possibly some between steps"
        shown.line("flow", logging.INFO, f"finishing open messages ({waiting}); a second signal waits only for steps")
        signals.acquire()
        shown.line("flow", logging.INFO, "ending after the messages in flight")
        runner.abort()

    threading.Thread(target=obey, name="signals", daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
