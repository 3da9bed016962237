"""The snapshot of a polling trigger: what one run leaves to the next.

It stays below the platform's 5 KB, however many items there are. It holds the place in time where the last run ended,
and a sketch of what was emitted before that place, as far back as is read again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lib.callfire.api.errors import CallFireError
from lib.callfire.polling.sketch import Sketch, digest_of

VERSION = 2
# 392 cells name about 250 late items in one run and take some 4300 characters.
CELLS = 392


@dataclass(frozen=True)
class PollingSnapshot:
    """What was emitted so far. Times are Unix milliseconds, of the moment that counts for the kind.

    start       items before it are not emitted
    position    (moment, id) of the newest emitted item; everything after it in this order is new
    floor       items before it were emitted, or came too late
    seen        the emitted items from `floor` up to `position`
    by_outcome  `seen` tells apart outcomes of the same item
    ended       the form's end time for which everything was emitted; None as long as there may be more
    """

    start: int
    position: tuple[int, int]
    floor: int
    seen: Sketch = field(default_factory=lambda: Sketch(CELLS))
    by_outcome: bool = False
    ended: int | None = None

    @classmethod
    def new(cls, start: int, *, by_outcome: bool = False, cells: int = CELLS) -> "PollingSnapshot":
        """Return an empty snapshot that begins at the second of `start`, since times may agree to the second."""
        floor = start - start % 1000
        return cls(start, (floor, -1), floor, Sketch(cells), by_outcome)

    @classmethod
    def of(cls, snapshot: Any, cells: int = CELLS) -> "PollingSnapshot | None":
        """Read a step's snapshot; None if there is none yet. Raises `CallFireError` for one of something else."""
        return cls.load(snapshot if isinstance(snapshot, Mapping) else {}, cells) if snapshot else None

    def is_due(self, moment: int) -> bool:
        """Return whether an item of that time may have to be emitted."""
        return moment >= self.floor and (moment >= self.start or moment % 1000 == 0)

    def digest(self, number: int, outcome: str) -> int:
        """Return what `seen` holds of an item."""
        return digest_of(number, outcome) if self.by_outcome else digest_of(number)

    def noting(self, moment: int, number: int, outcome: str) -> "PollingSnapshot":
        """Return a snapshot that has this item, emitted in another way. It must not be noted twice."""
        if not self.is_due(moment):
            return self
        seen = self.seen.copy()
        seen.add(self.digest(number, outcome))
        return replace(self, position=max(self.position, (moment, number)), seen=seen)

    def dump(self) -> dict[str, Any]:
        """Return it as JSON. The id is text, since JavaScript rounds integers above 2^53."""
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
        """Read what `dump` returned; `CallFireError` if it is something else."""
        try:
            if snapshot["version"] != VERSION:
                raise ValueError("version")
            by_outcome, ended = snapshot["byOutcome"], snapshot["ended"]
            if not isinstance(by_outcome, bool):
                raise TypeError("byOutcome")
            return cls(
                start=_time(snapshot["start"]),
                position=(_time(snapshot["moment"]), int(snapshot["id"])),
                floor=_time(snapshot["floor"]),
                seen=Sketch.load(snapshot["seen"], cells),
                by_outcome=by_outcome,
                ended=None if ended is None else _time(ended),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CallFireError(
                "Invalid snapshot: it was written by another component or a newer version. Nothing was emitted. Reset "
                "the snapshot of this step to start again at the form's start time."
            ) from error


def _time(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise TypeError("a time must be a whole number of milliseconds")
    return int(value)
