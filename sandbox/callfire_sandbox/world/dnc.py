"""Do-not-contact (DNC) entries of the account."""

from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World


def add_dnc(world: World, number: str, values: Record) -> Record:
    """Add a number to the do-not-contact list."""
    for removed in world["removed_dncs"].where(number=number):
        world["removed_dncs"].remove(removed)
    return world["dncs"].add({"number": number, "campaignId": 0, "created": world.time(), **values})


def opt_out(world: World, number: str) -> None:
    """Add a number that opted out of texts, unless texts to it are blocked already."""
    entries = world["dncs"].where(number=number)
    if any(entry.get("text") for entry in entries):
        return
    if entries:
        world["dncs"].change(entries[0], text=True)
    else:
        add_dnc(world, number, {"text": True, "call": False, "source": "STOP"})
