"""The step's snapshot in this process: what the next message sees of what was emitted last."""

import json
import threading
from collections.abc import Mapping
from typing import Any


class Snapshot:
    """A JSON value. It is kept as JSON text: whoever parses `json` has a copy."""

    def __init__(self, value: Any) -> None:
        self.json = json.dumps(value)
        self._lock = threading.Lock()

    @property
    def value(self) -> Any:
        """A copy of the value."""
        return json.loads(self.json)

    def replace(self, value: Any) -> None:
        """Replace the snapshot."""
        self.json = json.dumps(value)

    def merge(self, update: Mapping[str, Any]) -> None:
        """Merge these keys into the snapshot, at the top level."""
        with self._lock:
            current = self.value
            self.replace({**(current if isinstance(current, dict) else {}), **update})
