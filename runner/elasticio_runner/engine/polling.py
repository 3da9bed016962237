"""The schedule of a polling trigger. It does not start a run while the previous one is active."""

import threading
import time
from collections.abc import Callable

from elasticio_runner.engine.progress import Failure, Progress
from elasticio_runner.flow_file.flow import FlowStep

_RETRIES = 20  # retries of a rebounded run if the number of runs is limited; the platform's limit for rebounds


class Polling:
    """Runs the schedule of a trigger.

    A rebounded run is retried at the next tick of the schedule, because each tick delivers the same empty message. A
    remote outage therefore never makes the trigger slower than its schedule. If the number of runs is limited, a
    rebounded run does not count. It fails after the step's maximum number of rebounds. `start_run` returns the ID of
    its message.
    """

    def __init__(
        self, trigger: FlowStep, start_run: Callable[[], str], progress: Progress, ending: threading.Event
    ) -> None:
        self._trigger = trigger
        self._start_run = start_run
        self._progress = progress
        self._ending = ending
        self._limit = int(trigger.options.get("rebound", {}).get("limit", _RETRIES))
        self._reason: str | None = None  # the reason why the current run was rebounded

    def rebounded(self, reason: str) -> None:
        """Record that the current run was rebounded. Must be called before the run counts as settled."""
        self._reason = reason

    def run(self) -> None:
        """Start all runs. Returns after the last one, or when the flow ends."""
        schedule = self._trigger.schedule
        runs = retries = 0
        while not self._ending.is_set():
            self._reason = None
            began = time.monotonic()
            message_id = self._start_run()
            self._wait_until_settled()
            if self._reason is None or self._is_exhausted(retries, message_id):
                runs, retries = runs + 1, 0
            else:
                retries += 1
            if runs == schedule.runs:
                return
            self._ending.wait(max(0.0, began + schedule.every - time.monotonic()))

    def _wait_until_settled(self) -> None:
        count, changed = self._progress.counts[self._trigger.id], self._progress.changed
        with changed:
            changed.wait_for(lambda: not count.open or self._ending.is_set())

    def _is_exhausted(self, retries: int, message_id: str) -> bool:
        if self._trigger.schedule.runs is None or retries < self._limit:
            return False
        text = f"Error: Rebound limit exceeded, last reason: {self._reason}"
        self._progress.failed(Failure(self._trigger.id, text, message_id))
        return True
