"""The current snapshot of the step. The next message gets the snapshot that was emitted last."""

import threading
from collections.abc import Mapping
from typing import Any

from elasticio.wire.json import parse_any, write_any


class Snapshot:
    """A JSON value, stored as text in `json`. Each parse of the text returns a new copy."""

    def __init__(self, value: Any) -> None:
        self.json = write_any(value)
        self._lock = threading.Lock()

    @property
    def value(self) -> Any:
        """A new copy of the snapshot's value."""
        return parse_any(self.json)

    def replace(self, value: Any) -> None:
        """Replace the snapshot."""
        self.json = write_any(value)

    def merge(self, update: Mapping[str, Any]) -> None:
        """Merge the keys of `update` into the snapshot at the top level."""
        with self._lock:
            current = self.value
            self.replace({**(current if isinstance(current, dict) else {}), **update})
