"""Emits the parcels after the snapshot; one parcel as a sample."""

from collections.abc import Iterator
from typing import Any

from elasticio import Message, Step


def process(step: Step, message: Message, config: dict[str, Any], snapshot: Any) -> Iterator[Message]:
    first = snapshot.get("next", 1)
    for number in range(first, first + (1 if step.is_debug else 2)):
        yield Message(body={"parcel": number})
    step.emit("snapshot", {"next": first + 2})
