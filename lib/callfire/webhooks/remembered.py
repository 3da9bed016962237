"""What the webhook trigger remembers: the events of late, and what was emitted of each kind that it looks for itself.

Written into the step's snapshot, it stays below the platform's 5 KB.
"""

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from lib.callfire.api.errors import CallFireError
from lib.callfire.polling.kinds import Kind
from lib.callfire.polling.memory import Memory

VERSION = 1
_DIGEST_BYTES = 7
# Each takes 8.75 characters.
RECENT = 500
RECENT_WHEN_RECONCILING = 150
# 136 cells name about 90 lost events in one look, and take some 1500 characters.
CELLS = 136


class Remembered:
    """May be changed by one thread at a time. `reconciled` is when it was last looked for lost events (ms)."""

    def __init__(
        self, recent: Iterable[int] = (), memories: Mapping[str, Memory] | None = None, looked: int = 0
    ) -> None:
        # A dict keeps the order in which they came.
        self._recent = dict.fromkeys(recent)
        self.memories = dict(memories or {})
        self.reconciled = looked

    def is_new(self, digest: int) -> bool:
        """Whether this event was not emitted of late."""
        return digest not in self._recent

    def add(self, digest: int) -> None:
        """Remember an event, and forget the oldest for it."""
        self._recent[digest] = None
        most = RECENT_WHEN_RECONCILING if self.memories else RECENT
        while len(self._recent) > most:
            del self._recent[next(iter(self._recent))]

    def begin(self, kinds: Iterable[Kind], now: int) -> None:
        """Look for these kinds, from now on where that is new; forget the others."""
        self.memories = {
            kind.resource: self.memories.get(kind.resource) or Memory.new(now, cells=CELLS) for kind in kinds
        }

    def dump(self) -> dict[str, Any]:
        """Write it as JSON."""
        raw = b"".join(digest.to_bytes(_DIGEST_BYTES) for digest in self._recent)
        return {
            "version": VERSION,
            "recent": base64.b85encode(raw).decode("ascii"),
            "memories": {name: memory.dump() for name, memory in self.memories.items()},
            "reconciled": self.reconciled,
        }

    @classmethod
    def load(cls, snapshot: Any) -> "Remembered":
        """Read what `dump` wrote; nothing yet where there is none; CallFireError where it is something else."""
        if not snapshot:
            return cls()
        try:
            if snapshot["version"] != VERSION:
                raise ValueError("another version")
            raw = base64.b85decode(snapshot["recent"])
            recent = [int.from_bytes(raw[at : at + _DIGEST_BYTES]) for at in range(0, len(raw), _DIGEST_BYTES)]
            memories = {str(name): Memory.load(entry, CELLS) for name, entry in snapshot["memories"].items()}
            return cls(recent, memories, int(snapshot["reconciled"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CallFireError(
                "The snapshot was not written by this trigger, or by a newer version of it. Reset it in the platform."
            ) from error
