"""The snapshot of the webhook trigger: the recent events, and what was emitted of each kind that is recovered.

It stays below the platform's 5 KB.
"""

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from lib.callfire.api.errors import CallFireError
from lib.callfire.polling.item_kinds import ItemKind
from lib.callfire.polling.polling_snapshot import PollingSnapshot

VERSION = 1
_DIGEST_BYTES = 7
# Each takes 8.75 characters.
RECENT = 500
RECENT_WHEN_RECONCILING = 150
# 136 cells name about 90 missed events in one recovery, and take some 1500 characters.
CELLS = 136


class WebhookSnapshot:
    """May be changed by one thread at a time.

    items       {resource: what was emitted of its items}
    reconciled  time of the last recovery (Unix milliseconds)
    """

    def __init__(
        self, recent: Iterable[int] = (), items: Mapping[str, PollingSnapshot] | None = None, reconciled: int = 0
    ) -> None:
        # A dict keeps the order in which they came.
        self._recent = dict.fromkeys(recent)
        self.items = dict(items or {})
        self.reconciled = reconciled

    def is_new(self, digest: int) -> bool:
        """Return whether an event was not emitted recently."""
        return digest not in self._recent

    def add(self, digest: int) -> None:
        """Remember an event, and forget the oldest if there are too many."""
        self._recent[digest] = None
        most = RECENT_WHEN_RECONCILING if self.items else RECENT
        while len(self._recent) > most:
            del self._recent[next(iter(self._recent))]

    def recover(self, kinds: Iterable[ItemKind], now: int) -> None:
        """Recover events of these kinds, from now on if a kind is new; forget the other kinds."""
        self.items = {
            kind.resource: self.items.get(kind.resource) or PollingSnapshot.new(now, cells=CELLS) for kind in kinds
        }

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        raw = b"".join(digest.to_bytes(_DIGEST_BYTES) for digest in self._recent)
        return {
            "version": VERSION,
            "recent": base64.b85encode(raw).decode("ascii"),
            "memories": {name: items.dump() for name, items in self.items.items()},
            "reconciled": self.reconciled,
        }

    @classmethod
    def load(cls, snapshot: Any) -> "WebhookSnapshot":
        """Read what `dump` returned; an empty one if there is none yet. `CallFireError` if it is something else."""
        if not snapshot:
            return cls()
        try:
            if snapshot["version"] != VERSION:
                raise ValueError("another version")
            raw = base64.b85decode(snapshot["recent"])
            recent = [int.from_bytes(raw[at : at + _DIGEST_BYTES]) for at in range(0, len(raw), _DIGEST_BYTES)]
            items = {str(name): PollingSnapshot.load(entry, CELLS) for name, entry in snapshot["memories"].items()}
            return cls(recent, items, int(snapshot["reconciled"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CallFireError(
                "Invalid snapshot: it was written by another component or a newer version. Nothing was emitted. Reset "
                "the snapshot of this step."
            ) from error
