"""The end of run mode: signals, and an end within bounded time whatever still runs or waits."""

import logging
import os
import signal
import threading
import time
from contextlib import suppress
from functools import partial
from typing import Protocol

from elasticio.runtime.workers import Workers

log = logging.getLogger("sailor")

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_LAST_WORDS = 2.0  # seconds that the last log lines may take


class Ending(Protocol):
    """A step that is to end."""

    ended: threading.Event
    failure: BaseException | None
    workers: Workers


def on_signals(ended: threading.Event) -> None:
    """Have SIGTERM and SIGINT set `ended`, also while the main thread is busy outside of Python.

    A handler in Python runs when the main thread gets to it, perhaps inside a lock. The signals go through a pipe.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in _SIGNALS:
        signal.signal(number, partial(_forward, writer))  # for a component that takes the wakeup descriptor away
    threading.Thread(target=_read_signals, args=(reader, ended), name="signals", daemon=True).start()


def in_time(step: Ending, timeout: float) -> None:
    """End the process `timeout` seconds after `step.ended` was set, if it has not ended by then."""
    threading.Thread(target=_end_in_time, args=(step, timeout), name="shutdown", daemon=True).start()


def leave_threads_behind(code: int) -> None:
    """End the process at once if the component started threads that would keep it, and so its container, forever."""
    names = [
        thread.name for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()
    ]
    if names:
        log.warning("Threads of the component are still running and are left behind: %s", ", ".join(names))
        logging.shutdown()
        os._exit(code)


def _forward(writer: int, number: int, _frame: object) -> None:
    with suppress(BlockingIOError):
        os.write(writer, bytes((number,)))


def _read_signals(reader: int, ended: threading.Event) -> None:
    while True:
        number = os.read(reader, 1)[0]
        if number in _SIGNALS and not ended.is_set():
            log.info("Received %s", signal.Signals(number).name)
            ended.set()


def _end_in_time(step: Ending, timeout: float) -> None:
    step.ended.wait()
    time.sleep(timeout)
    words = threading.Thread(target=_name_unsettled, args=(step, timeout), daemon=True)
    words.start()
    words.join(_LAST_WORDS)  # a full pipe must not keep the process
    os._exit(1 if step.failure else 0)


def _name_unsettled(step: Ending, timeout: float) -> None:
    if step.failure:
        log.critical("The step ends because of %s", step.failure)
    for job in step.workers.in_flight():
        log.warning(
            "A message is left unsettled after %g s and will be redelivered",
            timeout,
            extra={"context": job.identifiers},
        )
    log.warning("The step did not end within %g s, the process ends now", timeout)
