"""`elasticio flow run`: a runner in a thread, and the main thread free for signals.

The first Ctrl-C or SIGTERM lets all messages come to their end, the second only what is in hand, the third nothing.
"""

import logging
import os
import signal
import sys
import threading
from pathlib import Path

from elasticio.errors import ElasticioError

from elasticio_runner.display.plain import Display, PlainDisplay
from elasticio_runner.engine.flow_runner import Options, Runner
from elasticio_runner.engine.queues import IN_MEMORY
from elasticio_runner.flow_file import flow as definition
from elasticio_runner.flow_file.problems import FlowError


def run(file: Path, *, broker: str | None, state: Path | None, port: int, public_url: str | None) -> int:
    """Run a flow file; returns the exit code. Raises ElasticioError where it cannot be run."""
    if broker is not None and not broker.startswith(("amqp://", "amqps://")):
        raise FlowError(
            "--broker must be an AMQP address, amqp://user:password@host:5672; leave it out to run in memory"
        )
    flow = definition.read(file, os.environ)
    shown = choose_display()
    runner = Runner(flow, shown, Options(broker or IN_MEMORY, state, port, public_url))
    return 0 if supervise(runner, shown) else 1


def choose_display() -> Display:
    """Return the display for where we are: live where both outputs are a terminal."""
    if sys.stdout.isatty() and sys.stderr.isatty():
        from elasticio_runner.display.live import LiveDisplay  # noqa: PLC0415 (plain lines need no rich)

        return LiveDisplay()
    return PlainDisplay()


def supervise(runner: Runner, shown: Display) -> bool:
    """Run a flow until it ends or signals end it; tells whether everything went well."""
    _obey_signals(runner, shown)
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
        raise FlowError("the runner has broken off; the reason stands above")
    if isinstance(outcome[0], ElasticioError):
        raise outcome[0]
    return outcome[0]


def _obey_signals(runner: Runner, shown: Display) -> None:
    count = 0

    def obey(number: int, _frame: object) -> None:
        nonlocal count
        count += 1
        if count == 1:
            text = "finishing what is under way; once more ends at once"
            runner.drain()
        elif count == 2:
            text = "ending as soon as steps have finished what is in hand"
            runner.abort()
        else:
            os._exit(128 + number)
        shown.line("flow", logging.INFO, text)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, obey)
