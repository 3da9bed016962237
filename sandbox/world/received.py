"""What was sent out, counted by number: the question that tests of senders ask."""

from typing import Any

from sandbox.world.query import Record
from sandbox.world.state import World
from sandbox.world.store import public


def received(world: World, number: str | None = None) -> list[dict[str, Any]]:
    """For every number (or one): how many texts and calls went out to it, and which."""
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
