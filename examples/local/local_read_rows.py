"""Get New Rows Polling: emits each row of a CSV file once."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from elasticio import Message, Step


def process(step: Step, message: Message, config: dict[str, Any], snapshot: Any) -> Iterator[Message]:  # noqa: ARG001
    """Emit the rows whose `id` is not in the snapshot. The snapshot is {"seen": [ids]}."""
    seen = list((snapshot or {}).get("seen", []))
    with Path(config["table"]).open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["id"] not in seen:
                yield Message(id=row["id"], body=row)
                seen.append(row["id"])
    step.emit("snapshot", {"seen": seen})
