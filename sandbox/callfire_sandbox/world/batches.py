"""Batches: recipients that are added to a broadcast together and validated a little later."""

from typing import Any

from callfire_sandbox.errors import BadRequestError, ForbiddenError
from callfire_sandbox.world.broadcasting import (
    BROADCAST_TYPES,
    BroadcastType,
    actions_of,
    add_batch,
    add_recipients,
    continue_broadcast,
)
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.recipients import resolve_recipients
from callfire_sandbox.world.scheduler import task
from callfire_sandbox.world.state import World


def refresh_batch(world: World, batch: Record) -> Record:
    """Update and return a batch with its number of remaining recipients."""
    remaining = sum(
        action["state"] == "READY" and "sent" not in action["_"]
        for table in ("texts", "calls")
        for action in world[table].where(batchId=batch["id"])
    )
    return world["batches"].change(batch, remaining=remaining)


def need_batch(world: World, number: int) -> Record:
    """Return a batch. What one request sent outside of a broadcast is a batch, too. Raises NotFoundError."""
    actions = [action for table in ("texts", "calls") for action in world[table].where(batchId=number)]
    if world["batches"].get(number) or not actions:
        return world.need("batches", number, "batch")
    name, created = f"API {number}", actions[0]["created"]
    made = {"id": number, "name": name, "status": "ACTIVE", "broadcastId": 0, "created": created}
    return world["batches"].add({**made, "size": len(actions), "remaining": 0, "enabled": True})


def request_batch(
    world: World, broadcast_type: BroadcastType, broadcast: Record, given: dict[str, Any], *, strict: bool
) -> Record:
    """Add a batch from recipients or a contact list. Its validation runs later. Raises BadRequestError."""
    recipients = given.get("recipients", [])
    if "contactListId" in given:
        contacts = world["contacts"].where(lists=given["contactListId"])
        world.need("contact_lists", given["contactListId"], "contact list")
        recipients = [*recipients, *({"contactId": contact["id"]} for contact in contacts)]
    if strict:
        resolve_recipients(world, recipients, strict=True, short_codes=broadcast_type.short_codes)
    batch = add_batch(world, broadcast, given, "VALIDATING")
    scrub = given.get("scrubDuplicates", False)
    arguments = {"table": broadcast_type.table, "number": batch["id"], "recipients": recipients, "scrub": scrub}
    world.later(world.switches.list_takes, validate_batch, **arguments)
    return batch


@task
def validate_batch(world: World, table: str, number: int, recipients: list[dict[str, Any]], scrub: bool) -> None:
    """Validate a batch and add its recipients to the broadcast."""
    broadcast_type, batch = BROADCAST_TYPES[table], world["batches"].get(number)
    broadcast = world[table].get(batch["broadcastId"]) if batch else None
    if batch is None or broadcast is None:
        return
    _validate(world, broadcast_type, broadcast, batch, recipients, scrub=scrub)
    continue_broadcast(world, broadcast_type, broadcast)


def _validate(
    world: World,
    broadcast_type: BroadcastType,
    broadcast: Record,
    batch: Record,
    recipients: list[dict[str, Any]],
    *,
    scrub: bool,
) -> None:
    if not recipients:
        world["batches"].change(batch, status="SOURCE_ERROR")
        return
    try:
        found = resolve_recipients(world, recipients, strict=False, short_codes=broadcast_type.short_codes)
        if scrub:
            known = {action["toNumber"] for action in actions_of(world, broadcast_type, broadcast)}
            unique = {recipient.number: recipient for recipient in found}
            found = [recipient for number, recipient in unique.items() if number not in known]
        add_recipients(world, broadcast_type, broadcast, found, batch)
    except (BadRequestError, ForbiddenError):
        world["batches"].change(batch, status="ERRORS")
    else:
        world["batches"].change(batch, status="ACTIVE")
