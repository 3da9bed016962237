"""The snapshot of a polling trigger: the state between two runs.

The snapshot stays below the platform's limit of 5 KB, independent of the number of items. It contains the position of
the last run, and a sketch of the emitted items within the lookback window before that position.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lib.callfire import unix_time
from lib.callfire.api.errors import CallFireError
from lib.callfire.exact_json import is_id
from lib.callfire.polling.sketch import Sketch, digest_of

VERSION = 2
_NO_ID = "-1"  # before the IDs of all items
# 392 cells name about 250 late items in one run and use about 4300 characters.
CELLS = 392


@dataclass(frozen=True)
class PollingSnapshot:
    """The emitted items. Times are in Unix milliseconds, by the `moment` of the kind of item.

    start       items before this time are not emitted
    position    (moment, id) of the newest emitted item; all items after it in this order are new
    floor       items before this time were emitted, or listed too late
    seen        the emitted items from `floor` to `position`
    by_outcome  `seen` distinguishes outcomes of the same item
    ended       the form's end time for which all items were emitted; None if more may follow
    """

    start: int
    position: tuple[int, int]
    floor: int
    seen: Sketch = field(default_factory=lambda: Sketch(CELLS))
    by_outcome: bool = False
    ended: int | None = None

    @classmethod
    def new(cls, start: int, *, by_outcome: bool = False, cells: int = CELLS) -> "PollingSnapshot":
        """Return an empty snapshot that starts at the second of `start`: CallFire's times may be in whole seconds."""
        floor = start - start % 1000
        return cls(start, (floor, -1), floor, Sketch(cells), by_outcome)

    @classmethod
    def of(cls, snapshot: Any, cells: int = CELLS) -> "PollingSnapshot | None":
        """Read a step's snapshot; None if the step has none yet. Raises `CallFireError` for an invalid snapshot."""
        return cls.load(snapshot if isinstance(snapshot, Mapping) else {}, cells) if snapshot else None

    def is_due(self, moment: int) -> bool:
        """Return whether an item of that time may be new."""
        return moment >= self.floor and (moment >= self.start or moment % 1000 == 0)

    def digest(self, number: int, outcome: str) -> int:
        """Return the digest of an item in `seen`."""
        return digest_of(number, outcome) if self.by_outcome else digest_of(number)

    def noting(self, moment: int, number: int, outcome: str) -> "PollingSnapshot":
        """Return a snapshot with an item that was emitted in another way. An item must be added only once."""
        if not self.is_due(moment):
            return self
        seen = self.seen.copy()
        seen.add(self.digest(number, outcome))
        return replace(self, position=max(self.position, (moment, number)), seen=seen)

    def dump(self) -> dict[str, Any]:
        """Return the snapshot as JSON. The ID is a text, because JavaScript rounds integers above 2^53."""
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
    def load(cls, snapshot: Mapping[str, Any], cells: int = CELLS) -> "PollingSnapshot":
        """Read the result of `dump`. Raises `CallFireError` for any other value."""
        try:
            if snapshot["version"] != VERSION:
                raise ValueError("version")
            by_outcome, ended = snapshot["byOutcome"], snapshot["ended"]
            if not isinstance(by_outcome, bool):
                raise TypeError("byOutcome")
            return cls(
                start=time_of(snapshot["start"]),
                position=(time_of(snapshot["moment"]), _id(snapshot["id"])),
                floor=time_of(snapshot["floor"]),
                seen=Sketch.load(snapshot["seen"], cells),
                by_outcome=by_outcome,
                ended=None if ended is None else time_of(ended),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CallFireError(
                "Invalid snapshot: it was written by another component or a newer version. Nothing was emitted. Reset "
                "the snapshot of this step to start again at the form's start time."
            ) from error


def time_of(value: Any) -> int:
    """Return a time in a snapshot (Unix milliseconds). Raises TypeError or ValueError for any other value."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a time must be a number of milliseconds")
    if not -unix_time.LATEST < value < unix_time.LATEST or value != int(value):
        raise ValueError("a time must be a whole number of milliseconds")
    return int(value)


def _id(value: Any) -> int:
    if value != _NO_ID and not is_id(value):
        raise ValueError("an ID has at most 63 bits")
    return int(value)
