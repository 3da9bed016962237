"""The whole state as data: to dump it, to load it, and to go on from it after a restart."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sandbox.switches import Switches
from sandbox.world.query import Record
from sandbox.world.state import World


def facts(world: World) -> dict[str, Any]:
    """What is not in a table: the last id, how far the clock was advanced, the switches."""
    return {"lastId": world.last_id, "clockOffset": world.clock.offset, "switches": asdict(world.switches)}


def restore(
    world: World, known: Mapping[str, Any], records: Iterable[tuple[str, Record]], files: Mapping[int, bytes]
) -> None:
    """Replace the state of a world. Raises KeyError, TypeError or ValueError if it is not a state."""
    switches = Switches().changed(known["switches"])
    last_id, offset = int(known["lastId"]), int(known["clockOffset"])
    found = list(records)
    world.clear()
    for table, record in found:
        world[table].add(record)
    for number, data in files.items():
        world.keep_file(number, data)
    world.switches, world.clock.offset = switches, offset
    world.continue_after(last_id)
    world.tasks.resume()
    _redeliver(world)


def _redeliver(world: World) -> None:
    """Take up deliveries that were neither made nor waiting when the state was kept."""
    waiting = {task["arguments"]["number"] for task in world["tasks"] if task["task"] == "deliver"}
    for delivery in world["deliveries"]:
        if not delivery["done"] and delivery["id"] not in waiting:
            world.outbox.append(delivery["id"])


def dump(world: World) -> dict[str, Any]:
    """The state as JSON."""
    return {
        "facts": facts(world),
        "records": {table.name: list(table) for table in world if len(table)},
        "files": {str(number): base64.b64encode(data).decode() for number, data in world.files.items()},
    }


def load(world: World, state: Mapping[str, Any]) -> None:
    """Take up a dumped state. Raises ValueError, and then nothing has changed."""
    try:
        records = [(table, record) for table, rows in state["records"].items() for record in rows]
        for table, record in records:
            if table not in world.tables or not isinstance(record["id"], int):
                raise ValueError(f"{table} is no table, or a record in it has no id")
        files = {int(number): base64.b64decode(data, validate=True) for number, data in state["files"].items()}
        restore(world, state["facts"], records, files)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is not a state as the sandbox dumps it ({error!r})") from error
