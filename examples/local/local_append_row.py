"""Append Row: adds a message as a row to a CSV file."""

import csv
import threading
from pathlib import Path
from typing import Any

from elasticio import Message, Step

_WRITING = threading.Lock()


def process(step: Step, message: Message, config: dict[str, Any], snapshot: Any) -> Message:  # noqa: ARG001
    """Add a row unless a row has the same `id`: a message that is redelivered adds no second row."""
    path = Path(config["table"])
    with _WRITING:
        rows = _rows(path)
        if all(row["id"] != str(message.body["id"]) for row in rows):
            with path.open("a", encoding="utf-8", newline="") as table:
                writer = csv.DictWriter(table, rows[0].keys() if rows else message.body.keys(), extrasaction="ignore")
                if not rows:
                    writer.writeheader()
                writer.writerow(message.body)
    return Message(body=message.body)


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))
