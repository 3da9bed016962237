"""What has become of a flow's messages, counted for each step, and whether any is still on its way."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass
class Count:
    """The messages of one step. `open` are those it got and has not settled: waiting, in work or to come again."""

    taken: int = 0
    emitted: int = 0
    failed: int = 0
    rebounded: int = 0
    open: int = 0


@dataclass(frozen=True)
class Failure:
    """A message that failed, or a step that could not start (then there is no message id)."""

    step_id: str
    text: str
    message_id: str | None = None


@dataclass
class Progress:
    """Counts, from all threads. `changed` is notified with every change; `on_change` hears of the step,
    `on_failed` of a failure.
    """

    counts: dict[str, Count]
    failures: list[Failure] = field(default_factory=list)
    on_change: Callable[[str], None] = lambda _: None
    on_failed: Callable[[Failure], None] = lambda _: None
    changed: threading.Condition = field(default_factory=threading.Condition)

    @classmethod
    def of(cls, step_ids: Iterable[str]) -> "Progress":
        """Begin to count."""
        return cls({step_id: Count() for step_id in step_ids})

    def sent(self, step_id: str) -> None:
        """A message is about to be put into a step's queue."""
        self._add(step_id, taken=1, open=1)

    def settled(self, step_id: str) -> None:
        """A step has acked or rejected a message."""
        self._add(step_id, open=-1)

    def rebounded(self, step_id: str) -> None:
        """A message comes to a step once more, later. Told before the one it comes from is settled."""
        self._add(step_id, rebounded=1, open=1)

    def emitted(self, step_id: str) -> None:
        """A step has emitted a message."""
        self._add(step_id, emitted=1)

    def failed(self, failure: Failure) -> None:
        """Something has failed."""
        with self.changed:
            self.failures.append(failure)
        self._add(failure.step_id, failed=1)
        self.on_failed(failure)

    def recounted(self, step_id: str, open_messages: int) -> None:
        """The broker itself was asked how many messages of a step are open."""
        self._add(step_id, open=open_messages - self.counts[step_id].open)

    @property
    def open(self) -> int:
        """How many messages are not settled, over all steps."""
        return sum(count.open for count in self.counts.values())

    @property
    def taken(self) -> int:
        """How many messages steps have got: it changes with each new one."""
        return sum(count.taken for count in self.counts.values())

    def _add(self, step_id: str, **numbers: int) -> None:
        with self.changed:
            count = self.counts[step_id]
            for name, number in numbers.items():
                setattr(count, name, getattr(count, name) + number)
            self.changed.notify_all()
        self.on_change(step_id)
