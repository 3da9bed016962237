"""What this process knows of the messages it has had in hand: whether a send of theirs may be out there already.

A message says little about itself when it comes again. Redelivered: somebody had it, and may have sent until just now.
Rebounded: somebody put it back, and nobody dares to say that no copy of it is about elsewhere, since a process can die
between putting it back and acknowledging it. So what this process has not seen itself counts as "may have been sent
until now". Only for a message that this very process put back, and that comes back directly, does it remember better:
what it has sent, what it could not tell, and what certainly was not sent. The count of rebounds alone does not show
that: where the connection was lost before the message was put back, another container has got it and may have put it
back in its turn. But then it says so with the time. And one that was put back while this process was alive, but not by
it, comes from another container of the step: nobody has tried it since.

Forgetting is safe, it only costs a look: the ledger keeps the last `SIZE` messages.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from elasticio import Incoming

SIZE = 20_000
SKEW = 5.0  # seconds by which the clocks of two containers may differ
# Milliseconds from the end of the work on a message until it is put back, at most. Another container that gets it in
# between looks for what was sent, and sends nothing before the settle time is over; it cannot be that quick.
PROMPT = 1_000
now = time.monotonic


def wall() -> int:
    """The time in Unix milliseconds, for what others have written down."""
    return time.time_ns() // 1_000_000


BORN = wall()


class InHand(Exception):  # noqa: N818 (it is no failure: the message has to wait for its copy)
    """Another copy of the message is being worked on at this moment."""


@dataclass
class Entry:
    """One message. Moments are of the monotonic clock.

    since    somebody may have sent any of its recipients until then; None: nobody can have
    taken    this process has had it in hand since
    left     when this process was last done with it (Unix milliseconds)
    begun    nothing of it was sent before (Unix milliseconds); None where nobody knows
    doubts   {key: the same as `since` for one recipient}
    items    {key: what CallFire has answered for it}, until the message is done: these are never sent again
    """

    since: float | None = None
    taken: float = 0.0
    left: int = 0
    begun: int | None = None
    rebounds: int = 0
    busy: bool = False
    doubts: dict[str, float | None] = field(default_factory=dict)
    items: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def doubt(self, key: str) -> float | None:
        """Until when this recipient may have been sent; None if it certainly was not."""
        return self.doubts.get(key, self.since)

    def may_be_out(self, keys: Iterable[str]) -> None:
        """These are being sent, were sent, or nobody knows."""
        moment = now()
        self.doubts.update((key, moment) for key in keys)

    def not_out(self, keys: Iterable[str]) -> None:
        """These provably were not sent, or not by any attempt so far."""
        self.doubts.update((key, None) for key in keys)

    def doubt_all(self, moment: float) -> None:
        """Somebody else may have sent any of them until then, and this process perhaps later."""
        self.since = max(moment, self.since or 0.0, *(own or 0.0 for own in self.doubts.values()))
        self.doubts.clear()

    def done(self) -> None:
        """All is over; a copy that comes later has to look."""
        self.doubts.clear()
        self.items.clear()
        self.since = now()


class Ledger:
    """The messages that this process has had in hand, by their keys. Shared by all threads."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def taking(self, message: str, facts: Incoming) -> Iterator[Entry]:
        """Work on a message: yields what is known of it. Raises `InHand` while a copy of it is worked on."""
        entry = self._take(message, facts)
        try:
            yield entry
        finally:
            with self._lock:
                entry.busy = False
                entry.left = wall()

    def drop(self, message: str) -> None:
        """Forget one message."""
        with self._lock:
            self._entries.pop(message, None)

    def forget(self) -> None:
        """Know nothing, as after a start."""
        with self._lock:
            self._entries.clear()

    def _take(self, message: str, facts: Incoming) -> Entry:
        with self._lock:
            known = self._entries.get(message)
            if known and known.busy:
                raise InHand
            entry = self._entries[message] = known or Entry()
            self._entries.move_to_end(message)
            if facts.redelivered or (facts.rebounds and not _came_straight_back(facts, known)):
                entry.doubt_all(_last_tried(facts))
            if known is None:
                entry.begun = facts.started if entry.since is not None else wall()
            entry.rebounds, entry.taken, entry.busy = facts.rebounds, now(), True
            self._shrink()
        return entry

    def _shrink(self) -> None:
        idle = (message for message, entry in self._entries.items() if not entry.busy)
        while len(self._entries) > self._size and (oldest := next(idle, None)) is not None:
            del self._entries[oldest]
            idle = (message for message, entry in self._entries.items() if not entry.busy)


def _came_straight_back(facts: Incoming, known: Entry | None) -> bool:
    """Whether it was this process that put the message back, and nobody has had it since.

    The same count as before, a leap in it, or another time mean that somebody else had it in between.
    """
    if known is None or facts.published is None or facts.rebounds != known.rebounds + 1:
        return False
    return abs(facts.published - known.left) <= PROMPT


def _last_tried(facts: Incoming) -> float:
    """The moment after which nobody else can have tried a message that comes again."""
    if facts.redelivered or facts.published is None or facts.published <= BORN:
        return now()
    return now() - max(0.0, (wall() - facts.published) / 1000 - SKEW)
