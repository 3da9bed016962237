"""Counts the messages of each step of a flow. A run ends when no message is open."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass
class Count:
    """The numbers of messages of one step. `open` messages are waiting, in flight or rebounded.

    `due` contains the times (of time.monotonic) at which rebounded messages return.
    """

    received: int = 0
    emitted: int = 0
    failed: int = 0
    rebounded: int = 0
    open: int = 0
    due: list[float] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True)
class Failure:
    """A failed message. The failure of a step's start or shutdown has no message ID. `stack` is Python's traceback."""

    step_id: str
    text: str
    message_id: str | None = None
    stack: str = field(default="", compare=False, repr=False)


@dataclass
class Progress:
    """The counts of all steps. Threads may share it.

    changed    condition that is notified of each change
    on_change  called with the step's ID after each change
    on_failed  called with each failure
    """

    counts: dict[str, Count]
    failures: list[Failure] = field(default_factory=list)
    on_change: Callable[[str], None] = lambda _: None
    on_failed: Callable[[Failure], None] = lambda _: None
    changed: threading.Condition = field(default_factory=threading.Condition)
    _deliveries: Counter[str] = field(default_factory=Counter, init=False, repr=False)  # settlements still expected
    # {ID of a step that was recounted: tracking IDs that it has settled since then}
    _since_recount: dict[str, set[str]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, step_ids: Iterable[str]) -> "Progress":
        """Return zero counts for some steps."""
        return cls({step_id: Count() for step_id in step_ids})

    def sent(self, step_id: str, tracking_id: str) -> None:
        """Count a message before it enters a step's queue. `tracking_id` is unique."""
        with self.changed:
            self._deliveries[tracking_id] = 1
        self._add(step_id, received=1, open=1)

    def settled(self, step_id: str, tracking_id: str) -> None:
        """Count a message that a step has acknowledged or rejected.

        After a lost connection a message can be processed and settled twice. The second time does not count, unless a
        process has died in between: its acknowledgement was lost then, and `recounted` has counted the message again.
        """
        with self.changed:
            settled = self._since_recount.get(step_id)
            is_expected = self._deliveries[tracking_id] > 0
            if is_expected:
                self._deliveries[tracking_id] -= 1
            if not self._deliveries[tracking_id]:
                del self._deliveries[tracking_id]
            is_counted_again = settled is not None and tracking_id not in settled
            if settled is not None:
                settled.add(tracking_id)
        if is_expected or is_counted_again:
            self._add(step_id, open=-1)

    def rebounded(self, step_id: str, tracking_id: str, delay: float | None) -> None:
        """Count a rebound. The message returns after `delay` seconds; None: it does not return.

        Must be called before `settled` for the same delivery.
        """
        with self.changed:
            if delay is not None:
                self._deliveries[tracking_id] += 1
            if delay is not None:
                now = time.monotonic()
                due = self.counts[step_id].due
                due[:] = [*(each for each in due if each > now), now + delay]
        self._add(step_id, rebounded=1, open=0 if delay is None else 1)

    def emitted(self, step_id: str) -> None:
        """Count a message that a step has emitted."""
        self._add(step_id, emitted=1)

    def failed(self, failure: Failure) -> None:
        """Count a failed message and pass it to `on_failed`."""
        with self.changed:
            self.failures.append(failure)
        self._add(failure.step_id, failed=1)
        self.on_failed(failure)

    def recounted(self, step_id: str, open_messages: int) -> None:
        """Replace the number of open messages of a step by the broker's count, after its process has died."""
        with self.changed:
            self._since_recount[step_id] = set()
        self._add(step_id, open=open_messages - self.counts[step_id].open)

    @property
    def open(self) -> int:
        """The number of open messages of all steps."""
        return sum(count.open for count in self.counts.values())

    @property
    def received(self) -> int:
        """The number of messages that all steps have received."""
        return sum(count.received for count in self.counts.values())

    def waiting_for(self) -> str:
        """Describe the open messages, for example: act: 3 open (2 rebounded, the last returns in 30 s)."""
        with self.changed:
            return "; ".join(_described(step_id, count) for step_id, count in self.counts.items() if count.open)

    def _add(self, step_id: str, **numbers: int) -> None:
        with self.changed:
            count = self.counts[step_id]
            for name, number in numbers.items():
                setattr(count, name, getattr(count, name) + number)
            self.changed.notify_all()
        self.on_change(step_id)


def _described(step_id: str, count: Count) -> str:
    now = time.monotonic()
    left = [each - now for each in count.due if each > now]
    rebounds = f" ({len(left)} rebounded, the last returns in {max(left):.0f} s)" if left else ""
    return f"{step_id}: {count.open} open{rebounds}"
