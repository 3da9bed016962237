"""Ids of records: unique over all tables, and growing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sequence:
    """A sequence of ids: its first id, and the distance of two. The first ids of two accounts are `apart`."""

    first: int
    step: int
    apart: int


SEQUENCES: dict[str, Sequence] = {
    # The size and the end of the ids in CallFire's samples
    "small": Sequence(1_023_905_054_003, 1000, apart=10),
    # Larger than 2^53 and close together, so a client that reads ids as floats gets a different id
    "large": Sequence(7_420_017_300_281_076_000, 7, apart=10**15),
}


class Ids:
    """A growing sequence of ids. After large ids, small ones would not grow, so they stay large.

    Accounts with other numbers have other ids.
    """

    def __init__(self, size: str = "small", account: int = 0) -> None:
        self.last = 0
        self._account = account
        self._sequence = SEQUENCES[size]

    def set_size(self, size: str) -> None:
        """Select the sequence of the next ids."""
        self._sequence = SEQUENCES[size]

    def next(self) -> int:
        """Return the next id."""
        sequence = self._sequence
        self.last = max(self.last + sequence.step, sequence.first + self._account * sequence.apart)
        return self.last
