"""The end of run mode: signals, and a time limit after which the process ends in any case."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from elasticio.runtime.failure import text_of
from elasticio.runtime.workers import Workers

log = logging.getLogger("sailor")

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_LAST_WORDS = 2.0  # maximum seconds for the last log lines
_held = threading.local()  # `mask`: the signals that the thread blocked before it began to fork


class Ending(Protocol):
    """The parts of a step that its end uses."""

    ended: threading.Event
    failure: BaseException | None
    workers: Workers


def on_signals(ended: threading.Event) -> Callable[[], None]:
    """Set `ended` on SIGTERM and SIGINT, even while the main thread runs code outside of Python.

    Returns a function that installs the handlers again, for the main thread to call after the component's modules have
    been loaded: they may have replaced the handlers.

    Python runs signal handlers in the main thread only, possibly inside a lock. A pipe passes the signals to a thread.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    install = partial(_install, writer)
    install()
    threading.Thread(target=_read_signals, args=(reader, ended), name="signals", daemon=True).start()
    os.register_at_fork(before=_hold_signals, after_in_parent=_release_signals, after_in_child=_default_signals)
    return install


def in_time(step: Ending, timeout: float) -> None:
    """End the process `timeout` seconds after `step.ended` is set, unless it has ended before.

    Starts all threads now: a process that already runs its exit handlers cannot start threads since Python 3.12.
    """
    is_over, is_said = threading.Event(), threading.Event()
    for name, run in (
        ("shutdown", partial(_end_in_time, step, timeout, is_over, is_said)),
        ("last words", partial(_say_last_words, step, timeout, is_over, is_said)),
    ):
        threading.Thread(target=run, name=name, daemon=True).start()


def end_despite_threads(code: int) -> None:
    """End the process if the component has threads that still run. They could keep the container alive forever."""
    names = [
        thread.name for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()
    ]
    if names:
        log.warning("Ending the process although threads of the component still run: %s", ", ".join(names))
        logging.shutdown()
        os._exit(code)


def log_failure(failure: BaseException) -> None:
    """Log the reason for which the process ends."""
    log.critical("Stopped because of an error: %s", text_of(failure) or type(failure).__name__)


def _install(writer: int) -> None:
    signal.set_wakeup_fd(writer)
    for number in _SIGNALS:
        signal.signal(number, partial(_forward, writer))  # in case the component replaces the wakeup descriptor


def _forward(writer: int, number: int, _frame: object) -> None:
    with suppress(BlockingIOError):
        os.write(writer, bytes((number,)))


def _hold_signals() -> None:
    """Delay signals of this thread while it forks. The child inherits the delay until it has its own handlers."""
    _held.mask = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)


def _release_signals() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, _held.mask)


def _default_signals() -> None:
    """Let signals end a process that the component has forked. With this pipe they would end the step instead."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _release_signals()


def _read_signals(reader: int, ended: threading.Event) -> None:
    while True:
        number = os.read(reader, 1)[0]
        if number in _SIGNALS and not ended.is_set():
            log.info("Received %s", signal.Signals(number).name)
            ended.set()


def _end_in_time(step: Ending, timeout: float, is_over: threading.Event, is_said: threading.Event) -> None:
    step.ended.wait()
    time.sleep(timeout)
    is_over.set()
    is_said.wait(_LAST_WORDS)  # a full stdout pipe must not keep the process alive
    os._exit(1 if step.failure else 0)


def _say_last_words(step: Ending, timeout: float, is_over: threading.Event, is_said: threading.Event) -> None:
    is_over.wait()
    try:
        _name_unsettled(step, timeout)
    finally:
        is_said.set()


def _name_unsettled(step: Ending, timeout: float) -> None:
    if step.failure:
        log_failure(step.failure)
    for job in step.workers.in_flight():
        log.warning(
            "Leaving a message unsettled after %g s; the broker will redeliver it",
            timeout,
            extra={"context": job.identifiers},
        )
    log.warning("Ending the process: the step did not stop within %g s", timeout)
