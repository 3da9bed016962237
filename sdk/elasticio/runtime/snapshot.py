"""The step's snapshot in this process: what the next message sees of what was emitted last."""

import threading
from collections.abc import Mapping
from typing import Any

from elasticio.wire.json import copied


class Snapshot:
    """A JSON value. Readers copy `value`, which is replaced but never changed in place."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self._lock = threading.Lock()

    def replace(self, value: Any) -> None:
        """Replace the snapshot."""
        self.value = copied(value)

    def merge(self, update: Mapping[str, Any]) -> None:
        """Merge these keys into the snapshot, at the top level."""
        with self._lock:
            current = self.value if isinstance(self.value, dict) else {}
            self.value = {**current, **copied(dict(update))}
