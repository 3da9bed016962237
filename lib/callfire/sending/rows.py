"""Rows: what becomes of each recipient, in the order in which they were given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lib.callfire.api.errors import CallFireError

FAILED, SKIPPED, UNKNOWN, ACCEPTED = "FAILED", "SKIPPED", "UNKNOWN", "ACCEPTED"
# What CallFire says at once of recipients that it took but will not contact.
_REFUSED = {
    "INVALID": "CallFire takes the number for invalid.",
    "DNC": "The number is on a do-not-contact list.",
    "DUP": "CallFire takes the recipient for a repeat of another one.",
    "RESTRICTED_NUMBER": "CallFire does not contact this number.",
}


@dataclass
class Row:
    """One recipient.

    given      as the message has it
    recipient  as it goes to CallFire
    item       the text or call it has become
    state      CallFire's, or FAILED, SKIPPED, UNKNOWN, or ACCEPTED where CallFire names none; empty while it is open
    cause      the exception behind an error
    check      where a person finds out whether it was sent
    more       what else is said of it: segments, the moment from which it may be tried again, …
    """

    index: int
    key: str
    given: Mapping[str, Any]
    recipient: dict[str, Any]
    item: Mapping[str, Any] | None = None
    state: str = ""
    error: str = ""
    retryable: bool = False
    cause: CallFireError | None = None
    check: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether something has still to be done for it."""
        return not self.state

    @property
    def is_sent(self) -> bool:
        """Whether CallFire has it."""
        return self.item is not None

    def sent(self, item: Mapping[str, Any]) -> None:
        """CallFire has it, as this text or call."""
        self.item, self.state = item, str(item.get("state") or ACCEPTED)
        self.error = _REFUSED.get(self.state, "")

    def failed(self, cause: CallFireError, *, retryable: bool = False) -> None:
        """It was not sent."""
        self.state, self.error, self.retryable, self.cause = FAILED, str(cause), retryable, cause

    def skipped(self, reason: str, *, retryable: bool = False, **more: Any) -> None:
        """It was left out on purpose."""
        self.state, self.error, self.retryable = SKIPPED, reason, retryable
        self.more.update(more)

    def unknown(self, cause: CallFireError) -> None:
        """Nobody can tell whether it was sent."""
        self.state, self.error, self.cause = UNKNOWN, str(cause), cause

    def body(self) -> dict[str, Any]:
        """The row as it is emitted."""
        who = {name: self.recipient[name] for name in ("phoneNumber", "contactId") if self.recipient.get(name)}
        item = self.item or {}
        told = {"id": item.get("id"), "state": self.state, "error": self.error or None, "retryable": self.retryable}
        return {
            "index": self.index,
            **who,
            **{name: value for name, value in told.items() if value is not None},
            **self.more,
            "key": self.key,
        }


def summary(rows: list[Row]) -> dict[str, int]:
    """How many came to what."""
    ended = {FAILED: "failed", SKIPPED: "skipped", UNKNOWN: "unknown"}
    counts = {"recipients": len(rows), "accepted": 0, "failed": 0, "skipped": 0, "unknown": 0}
    for row in rows:
        counts[ended.get(row.state, "failed" if row.error else "accepted")] += 1
    return counts
