"""The snapshot of the webhook trigger: recently emitted events, and for recovery the emitted items of each kind.

The snapshot stays below the platform's limit of 5 KB.
"""

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from lib.callfire.api.errors import CallFireError
from lib.callfire.polling.item_kinds import ItemKind
from lib.callfire.polling.polling_snapshot import PollingSnapshot, time_of

VERSION = 1
_DIGEST_BYTES = 7
# Number of remembered events, 8.75 characters each.
RECENT = 500
RECENT_WHEN_RECONCILING = 150
# 136 cells name about 90 missed events in one recovery and use about 1500 characters.
CELLS = 136


class WebhookSnapshot:
    """The state of the trigger. Must be used by one thread at a time.

    items       {resource: snapshot of its emitted items}
    reconciled  time of the last recovery (Unix milliseconds)
    """

    def __init__(
        self, recent: Iterable[int] = (), items: Mapping[str, PollingSnapshot] | None = None, reconciled: int = 0
    ) -> None:
        # A dict keeps the order of insertion.
        self._recent = dict.fromkeys(recent)
        self.items = dict(items or {})
        self.reconciled = reconciled

    def is_new(self, digest: int) -> bool:
        """Return whether the event with this digest was not emitted recently."""
        return digest not in self._recent

    def add(self, digest: int) -> None:
        """Add an event. Above the maximum number of events, the oldest one is removed."""
        self._recent[digest] = None
        most = RECENT_WHEN_RECONCILING if self.items else RECENT
        while len(self._recent) > most:
            del self._recent[next(iter(self._recent))]

    def recover(self, kinds: Iterable[ItemKind], now: int) -> None:
        """Set the kinds of items to recover. A new kind starts at `now` (Unix milliseconds)."""
        self.items = {
            kind.resource: self.items.get(kind.resource) or PollingSnapshot.new(now, cells=CELLS) for kind in kinds
        }

    def dump(self) -> dict[str, Any]:
        """Return the snapshot as JSON."""
        raw = b"".join(digest.to_bytes(_DIGEST_BYTES) for digest in self._recent)
        return {
            "version": VERSION,
            "recent": base64.b85encode(raw).decode("ascii"),
            "memories": {name: items.dump() for name, items in self.items.items()},
            "reconciled": self.reconciled,
        }

    @classmethod
    def load(cls, snapshot: Any) -> "WebhookSnapshot":
        """Read the result of `dump`, or an empty value. Raises `CallFireError` for any other value."""
        if not snapshot:
            return cls()
        try:
            if snapshot["version"] != VERSION:
                raise ValueError("another version")
            raw = base64.b85decode(snapshot["recent"])
            recent = [int.from_bytes(raw[at : at + _DIGEST_BYTES]) for at in range(0, len(raw), _DIGEST_BYTES)]
            items = {str(name): PollingSnapshot.load(entry, CELLS) for name, entry in snapshot["memories"].items()}
            return cls(recent, items, time_of(snapshot["reconciled"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CallFireError(
                "Invalid snapshot: it was written by another component or a newer version. Nothing was emitted. Reset "
                "the snapshot of this step."
            ) from error
