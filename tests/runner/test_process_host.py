"""The thread that keeps the process of a step running: it never ends without a report."""

import os
from queue import SimpleQueue

from elasticio import BrokerError
from elasticio_runner.hosts import ReboundNotice, SettledNotice
from elasticio_runner.hosts.process_host import ProcessHost
from elasticio_runner.hosts.reports import listen

PATIENCE = 60


class Events:
    """The events of a run whose broker does not respond when a process has died."""

    def __init__(self) -> None:
        self.reasons: SimpleQueue[str] = SimpleQueue()

    def settled(self, step_id: str, notice: SettledNotice) -> None: ...
    def rebounded(self, step_id: str, notice: ReboundNotice) -> None: ...
    def logged(self, step_id: str, level: int, text: str) -> None: ...

    def crashed(self, step_id: str) -> None:
        raise BrokerError(f"the messages of {step_id} cannot be counted")

    def gave_up(self, step_id: str, reason: str) -> None:
        self.reasons.put(f"{step_id}: {reason}")


def test_a_process_that_cannot_be_restarted_ends_the_run() -> None:
    events = Events()
    host = ProcessHost("act", {}, events)  # without an environment the process ends with code 1
    host.ready()
    host.start()
    assert events.reasons.get(timeout=PATIENCE) == (
        "act: the process ended with code 1 and cannot be restarted: BrokerError: the messages of act cannot be counted"
    )
    host.stop()


def test_lines_that_are_no_reports_are_ignored() -> None:
    """A component can write to every descriptor of its process."""
    events = Events()
    host = ProcessHost("act", {}, events)
    reading, writing = os.pipe()
    os.write(writing, b'noise\n[1]\n{"event": "settled"}\n{"event": "failed", "reason": "known"}\n{"event": "rea')
    os.close(writing)
    listen(reading, host)
    assert host._reason == "known"
