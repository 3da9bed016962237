"""Ids of records: unique over all tables, and growing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sequence:
    """A sequence of ids: its first id, and the distance of two."""

    first: int
    step: int


SEQUENCES: dict[str, Sequence] = {
    # The size and the end of the ids in CallFire's samples
    "small": Sequence(1_023_905_054_003, 1000),
    # Larger than 2^53 and close together, so a client that reads ids as floats gets a different id
    "large": Sequence(7_420_017_300_281_076_000, 7),
}


class Ids:
    """A growing sequence of ids. After large ids, small ones would not grow, so they stay large."""

    def __init__(self, size: str = "small", last: int = 0) -> None:
        self.last = last
        self._sequence = SEQUENCES[size]

    def set_size(self, size: str) -> None:
        """Select the sequence of the next ids."""
        self._sequence = SEQUENCES[size]

    def next(self) -> int:
        """Return the next id."""
        self.last = max(self.last + self._sequence.step, self._sequence.first)
        return self.last
