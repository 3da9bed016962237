"""The results of a storm."""

from collections import Counter
from dataclasses import dataclass, field

from tests.integration.sends.actions import Told

FAILED = {"FAILED", "SKIPPED", "UNKNOWN"}


@dataclass
class StormResults:
    """Counts of a storm. A target is a recipient or the content of an order.

    made      {target: how often it was sent to, by the sandbox's count}
    rows      {target: its result in the step's last output}
    outputs   {target: number of results}
    reported  targets of messages that ended as an error
    """

    asked: set[str] = field(default_factory=set)
    made: Counter[str] = field(default_factory=Counter)
    rows: dict[str, Told] = field(default_factory=dict)
    outputs: Counter[str] = field(default_factory=Counter)
    reported: set[str] = field(default_factory=set)
    errors: Counter[str] = field(default_factory=Counter)
    mistaken: int = 0  # results with the item of another target or with an unknown item
    posts: int = 0
    looks: int = 0
    faults: int = 0
    kills: int = 0
    cuts: int = 0
    restarts: int = 0
    ends: int = 0  # of processes that were not killed
    rebounds: int = 0
    seconds: float = 0.0

    @property
    def recipients(self) -> int:
        """Number of targets."""
        return len(self.asked)

    @property
    def twice(self) -> int:
        """Number of targets that were sent to more than once, or were not in any message."""
        return sum(count > 1 or target not in self.asked for target, count in self.made.items())

    @property
    def missing(self) -> set[str]:
        """Targets that were not sent to."""
        return self.asked - set(self.made)

    @property
    def silently_missing(self) -> set[str]:
        """Targets that were not sent to, without an error that reports it."""
        return {target for target in self.missing - self.reported if not self._failed(target)}

    @property
    def unknown(self) -> int:
        """Number of targets, or messages that ended as an error, whose outcome was reported unknown."""
        return sum(row.state == "UNKNOWN" for row in self.rows.values()) + self.errors["OutcomeUnknown"]

    @property
    def is_right(self) -> bool:
        """Whether no target was sent to twice, and all reports of the step are correct."""
        return not (self.twice or self.silently_missing or self.mistaken)

    def _failed(self, target: str) -> bool:
        return target in self.rows and self.rows[target].state in FAILED

    def lines(self) -> dict[str, object]:
        """Return the results to show."""
        return {
            "sends": self.recipients,
            "sent once": sum(self.made[target] == 1 for target in self.asked),
            "sent twice": self.twice,
            "not sent": len(self.missing),
            "not sent, and no error": len(self.silently_missing),
            "mistaken rows": self.mistaken,
            "reported unknown": self.unknown,
            "errors": dict(self.errors),
            "faults": self.faults,
            "kills": self.kills,
            "cuts": self.cuts,
            "broker restarts": self.restarts,
            "ends without a kill": self.ends,
            "rebounds": self.rebounds,
            "requests that send": self.posts,
            "requests that search": self.looks,
            "seconds": round(self.seconds),
        }
