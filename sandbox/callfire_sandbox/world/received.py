"""What the sandbox sent, counted by number: the question that tests of senders ask."""

from typing import Any

from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World
from callfire_sandbox.world.table import public


def received(world: World, number: str | None = None) -> list[dict[str, Any]]:
    """Return the texts and calls that went out to each number, or to one number.

    Each item is {number, textCount, callCount, texts, calls}.
    """
    by_number: dict[str, dict[str, Any]] = {}
    for table in ("texts", "calls"):
        for action in world[table].where(toNumber=number) if number else world[table]:
            if "sent" in action["_"]:
                entry = by_number.setdefault(action["toNumber"], {"texts": [], "calls": []})
                entry[table].append(_row(action))
    return [
        {"number": key, "textCount": len(entry["texts"]), "callCount": len(entry["calls"]), **entry}
        for key, entry in by_number.items()
    ]


def _row(action: Record) -> Record:
    kept = ("id", "fromNumber", "message", "attributes", "media", "campaignId", "state", "created")
    return {name: value for name, value in public(action).items() if name in kept}
