"""A running step, and the events that it reports.

thread_host      a step in threads of this process
process_host     a step in a separate process, restarted if it dies
child            the program of such a process
reports          the channel from the child to the runner
observed_broker  a broker that reports publications and settlements
"""

from dataclasses import dataclass
from typing import Protocol

TRACKING_ID = "x-flow-tracking-id"  # the AMQP header that identifies each message which the runner sends to a step


@dataclass(frozen=True)
class ReboundNotice:
    """A message that a step has rebounded, with the reason and the delay in seconds."""

    tracking_id: str
    reason: str
    delay: float


@dataclass(frozen=True)
class SettledNotice:
    """A message that a step has settled. `replied` tells whether the step emitted an httpReply for it."""

    tracking_id: str
    thread_id: str
    replied: bool


class StepEvents(Protocol):
    """Receives the reports of hosts. Threads may call it."""

    def settled(self, step_id: str, notice: SettledNotice) -> None:
        """A message was acknowledged or rejected. A redelivered message may be settled more than once."""

    def rebounded(self, step_id: str, notice: ReboundNotice) -> None:
        """A message was rebounded. Called before `settled` for the same delivery."""

    def logged(self, step_id: str, level: int, text: str) -> None:
        """A step has logged a line; `level` is one of the logging module."""

    def crashed(self, step_id: str) -> None:
        """A process has died. It is restarted after the return."""

    def gave_up(self, step_id: str, reason: str) -> None:
        """A step cannot continue."""


class StepHost(Protocol):
    """Starts and stops one step."""

    def start(self) -> None:
        """Start the step. May return before the step consumes messages."""

    def wait_until_ready(self) -> None:
        """Return when the step consumes messages; raises the error that prevents it."""

    def stop(self) -> None:
        """Stop the step after its messages in flight."""

    def shut_down(self) -> None:
        """Run the component's `shutdown`, after `stop`."""
