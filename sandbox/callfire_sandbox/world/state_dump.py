"""The whole state as data: to dump it, to load it, and to continue from it after a restart."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from callfire_sandbox.switches import Switches
from callfire_sandbox.world.clock import LATEST
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World


def facts(world: World) -> dict[str, Any]:
    """Return the state outside the tables: {lastId, clockOffset, switches}."""
    return {"lastId": world.ids.last, "clockOffset": world.clock.offset, "switches": asdict(world.switches)}


def restore(
    world: World, known: Mapping[str, Any], records: Iterable[tuple[str, Record]], files: Mapping[int, bytes]
) -> None:
    """Replace the state of a world. Raises KeyError, TypeError or ValueError for other data, and changes nothing."""
    switches = Switches().changed(known["switches"])
    last_id, offset = int(known["lastId"]), int(known["clockOffset"])
    found = list(records)
    fresh = World(seed=world.seed, clock=world.clock, account_number=world.account_number)
    for table, record in found:
        fresh[table].add(record)
    for number, data in files.items():
        fresh.keep_file(number, data)
    fresh.ids.last = last_id
    fresh.tasks.resume()
    if not 0 <= offset <= LATEST or next(iter(fresh["accounts"]), None) is None:
        raise ValueError("The state has no account, or its clock is after the year 9000.")
    world.replace_by(fresh)
    world.switches, world.clock.offset = switches, offset
    _redeliver(world)


def _redeliver(world: World) -> None:
    """Put unfinished webhook deliveries that no task waits for into the outbox."""
    waiting = {task["arguments"]["number"] for task in world["tasks"] if task["task"] == "deliver"}
    for delivery in world["deliveries"]:
        if not delivery["done"] and delivery["id"] not in waiting:
            world.outbox.append(delivery["id"])


def dump(world: World) -> dict[str, Any]:
    """Return the state as JSON: {facts, records by table, files in base64 by id}."""
    return {
        "facts": facts(world),
        "records": {table.name: list(table) for table in world if len(table)},
        "files": {str(number): base64.b64encode(data).decode() for number, data in world.files.items()},
    }


def load(world: World, state: Mapping[str, Any]) -> None:
    """Load a dumped state. Raises ValueError for anything else, and then nothing has changed."""
    try:
        records = [(table, record) for table, rows in state["records"].items() for record in rows]
        for table, record in records:
            if table not in world.tables or not isinstance(record["id"], int):
                raise ValueError(f"records: there is no table {table!r}, or one of its records has no id.")
        files = {int(number): base64.b64decode(data, validate=True) for number, data in state["files"].items()}
        restore(world, state["facts"], records, files)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"The body is not a state that GET /sandbox/state returned ({error!r}).") from error
