"""What one run of a polling trigger leaves to the next, written into the step's snapshot.

It stays below the platform's 5 KB however many items there are: where in the order of time the last run ended, and of
what lies before that, as far back as is looked again, a sketch of what was emitted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lib.callfire.api.errors import CallFireError
from lib.callfire.polling.sketch import Sketch, digest_of

VERSION = 2
# 392 cells name about 250 late items in one run and take some 4300 characters.
CELLS = 392
_LAST_ID = 2**63 - 1


@dataclass(frozen=True)
class Memory:
    """What was emitted so far. Times are Unix milliseconds, of the moment that counts for the kind.

    start       items of before are none of ours
    position    (moment, id) of the newest item that was emitted; what comes after it in this order is new
    floor       items of before were emitted, or came too late
    seen        what was emitted of the items from `floor` up to `position`
    by_outcome  whether `seen` tells apart outcomes of the same item
    ended       the end of the form for which everything was emitted, None as long as there may be more
    """

    start: int
    position: tuple[int, int]
    floor: int
    seen: Sketch = field(default_factory=lambda: Sketch(CELLS))
    by_outcome: bool = False
    ended: int | None = None

    @classmethod
    def new(cls, start: int, *, by_outcome: bool = False, cells: int = CELLS) -> "Memory":
        """Remember nothing yet, and begin at `start`; its second counts whole, since times may agree to the second."""
        floor = start - start % 1000
        return cls(start, (floor, -1), floor, Sketch(cells), by_outcome)

    def is_due(self, moment: int) -> bool:
        """Whether an item of that time is of interest at all."""
        return moment >= self.floor and (moment >= self.start or moment % 1000 == 0)

    def digest(self, number: int, outcome: str) -> int:
        """What `seen` holds of an item."""
        return digest_of(number, outcome) if self.by_outcome else digest_of(number)

    def noting(self, moment: int, number: int, outcome: str) -> "Memory":
        """Remember that this item was emitted elsewhere. It must not be noted twice."""
        if not self.is_due(moment):
            return self
        seen = self.seen.copy()
        seen.add(self.digest(number, outcome))
        return replace(self, position=max(self.position, (moment, number)), seen=seen)

    def dump(self) -> dict[str, Any]:
        """Write it as JSON; ids as text, since not everybody on the way counts beyond 2^53."""
        return {
            "version": VERSION,
            "start": self.start,
            "moment": self.position[0],
            "id": str(self.position[1]),
            "floor": self.floor,
            "seen": self.seen.dump(),
            "byOutcome": self.by_outcome,
            "ended": self.ended,
        }

    @classmethod
    def load(cls, snapshot: Mapping[str, Any], cells: int = CELLS) -> "Memory":
        """Read what `dump` wrote, now or in an older version; CallFireError where it is something else."""
        try:
            return _READERS[snapshot.get("version")](snapshot, cells)
        except (KeyError, TypeError, ValueError) as error:
            raise CallFireError(
                "The snapshot was not written by this trigger, or by a newer version of it. Nothing was emitted. Reset "
                "the snapshot in the platform to begin anew at the form's start time."
            ) from error


def _version_2(snapshot: Mapping[str, Any], cells: int) -> Memory:
    by_outcome, ended = snapshot["byOutcome"], snapshot["ended"]
    if not isinstance(by_outcome, bool):
        raise TypeError("byOutcome")
    return Memory(
        start=_time(snapshot["start"]),
        position=(_time(snapshot["moment"]), int(snapshot["id"])),
        floor=_time(snapshot["floor"]),
        seen=Sketch.load(snapshot["seen"], cells),
        by_outcome=by_outcome,
        ended=None if ended is None else _time(ended),
    )


def _version_1(snapshot: Mapping[str, Any], cells: int) -> Memory:
    """The first version kept the ids of the last second that had an item: {"since", "seen"}."""
    since = _time(snapshot["since"])
    seen = Sketch(cells, {digest_of(int(number)) for number in snapshot["seen"]})
    return Memory(since, (since + 999, _LAST_ID), since, seen)


def _time(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise TypeError("a time must be a whole number of milliseconds")
    return int(value)


_READERS: Mapping[Any, Callable[[Mapping[str, Any], int], Memory]] = {1: _version_1, 2: _version_2}
