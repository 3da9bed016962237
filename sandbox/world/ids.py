"""Ids of records: unique over all tables, and growing."""

FIRST_ID = 7_420_017_300_281_076_000
"""Larger than 2^53, so a client that reads ids as floats gets a different id."""
STEP = 7
"""Closer together than a float can tell apart."""


class Ids:
    """A growing sequence of ids."""

    def __init__(self, last: int = FIRST_ID - STEP) -> None:
        self.last = last

    def next(self) -> int:
        """Return the next id."""
        self.last += STEP
        return self.last
