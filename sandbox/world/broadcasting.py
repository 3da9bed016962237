"""Broadcasts: recipients in batches, sent a few at a time while the broadcast runs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.errors import BadRequest, Forbidden
from sandbox.world.actions import Trade, create, dispatch, queue
from sandbox.world.calling import CALLS, caller_id, check_sounds
from sandbox.world.query import Record
from sandbox.world.recipients import Target, targets
from sandbox.world.state import World
from sandbox.world.tasks import task
from sandbox.world.texting import TEXTS, prepare
from sandbox.world.webhooks import announce

AT_ONCE = 100
"""How many recipients are under way at the same time where the broadcast's maxActive does not say."""
STARTABLE = ("SETUP", "STOPPED", "FINISHED", "SCHEDULED", "SUSPENDED")
STOPPABLE = ("RUNNING", "SCHEDULED", "START_PENDING")


@dataclass(frozen=True)
class Flavour:
    """Text or call broadcasts: the facts in which they differ."""

    table: str
    what: str
    resource: str
    trade: Trade
    prepare: Callable[[World, Target, Record], dict[str, Any]]


def _prepare_call(world: World, target: Target, broadcast: Record) -> dict[str, Any]:
    number = caller_id(world, target.given.get("fromNumber"), broadcast)
    return {"fromNumber": number, "campaignId": broadcast["id"], "labels": broadcast.get("labels")}


def _prepare_text(world: World, target: Target, broadcast: Record) -> dict[str, Any]:
    return prepare(world, target, broadcast, None)


TEXT_BROADCASTS = Flavour("text_broadcasts", "text broadcast", "TextBroadcast", TEXTS, _prepare_text)
CALL_BROADCASTS = Flavour("call_broadcasts", "call broadcast", "CallBroadcast", CALLS, _prepare_call)
FLAVOURS = {flavour.table: flavour for flavour in (TEXT_BROADCASTS, CALL_BROADCASTS)}


def add_broadcast(world: World, flavour: Flavour, given: dict[str, Any], *, start: bool, strict: bool) -> Record:
    """Create a broadcast, with its recipients as its first batch. Raises BadRequest, and then there is none."""
    recipients = given.pop("recipients", [])
    check_sounds(world, given.get("sounds", {}))
    found = targets(world, recipients, strict=strict, short_codes=flavour.trade is TEXTS)
    broadcast: Record = {
        "maxActive": AT_ONCE,
        **{name: value for name, value in given.items() if name not in ("status", "lastModified", "id")},
        "id": world.new_id(),
        "name": given.get("name") or f"API {flavour.what}",
        "status": "SETUP",
        "lastModified": world.time(),
        "_": {"created": world.time()},
    }
    for target in found:
        flavour.prepare(world, target, broadcast)
    _until_scheduled(world, broadcast)
    if start:
        check_startable(flavour, broadcast)
    world[flavour.table].add(broadcast)
    if found:
        add_recipients(world, flavour, broadcast, found, add_batch(world, broadcast, {"name": "Recipients"}, "ACTIVE"))
    if start:
        start_broadcast(world, flavour, broadcast)
    return broadcast


def add_batch(world: World, broadcast: Record, given: dict[str, Any], status: str) -> Record:
    """A batch of a broadcast, still empty."""
    return world["batches"].add(
        {
            "broadcastId": broadcast["id"],
            "name": given.get("name") or "API batch",
            "status": status,
            "enabled": True,
            "created": world.time(),
            "size": 0,
            "remaining": 0,
        }
    )


def add_recipients(
    world: World, flavour: Flavour, broadcast: Record, found: list[Target], batch: Record | None
) -> list[Record]:
    """Texts or calls for these recipients, which wait for the broadcast to run."""
    actions = []
    for target in found:
        values = flavour.prepare(world, target, broadcast)
        batch_id = batch["id"] if batch else None
        actions.append(create(world, flavour.trade, target, batchId=batch_id, **values))
    if batch:
        world["batches"].change(batch, size=batch["size"] + len(actions))
    nudge(world, flavour, broadcast)
    return actions


def check_startable(flavour: Flavour, broadcast: Record) -> None:
    """Raises BadRequest if the broadcast cannot start as it is."""
    if broadcast["status"] not in STARTABLE:
        raise BadRequest(f"the {flavour.what} is {broadcast['status']} and cannot be started")


def start_broadcast(world: World, flavour: Flavour, broadcast: Record) -> None:
    """Let a broadcast run, now or when its schedule says."""
    check_startable(flavour, broadcast)
    if waiting := _until_scheduled(world, broadcast):
        set_status(world, flavour, broadcast, "SCHEDULED")
        world.later(waiting, run, table=flavour.table, number=broadcast["id"])
        return
    set_status(world, flavour, broadcast, "RUNNING")
    announce(world, flavour.resource, "started", broadcast)
    nudge(world, flavour, broadcast)


def stop_broadcast(world: World, flavour: Flavour, broadcast: Record) -> None:
    """Send no more of it. Raises BadRequest if it does not run."""
    if broadcast["status"] not in STOPPABLE:
        raise BadRequest(f"the {flavour.what} is {broadcast['status']} and cannot be stopped")
    set_status(world, flavour, broadcast, "STOPPED")
    announce(world, flavour.resource, "stopped", broadcast)


def set_status(world: World, flavour: Flavour, broadcast: Record, status: str) -> None:
    """Move a broadcast to a status."""
    world[flavour.table].change(broadcast, status=status, lastModified=world.time())
    world.feed.tell(flavour.table, broadcast)


@task
def run(world: World, table: str, number: int) -> None:
    """The scheduled time has come."""
    flavour = FLAVOURS[table]
    broadcast = world[table].get(number)
    if broadcast and broadcast["status"] == "SCHEDULED":
        set_status(world, flavour, broadcast, "RUNNING")
        announce(world, flavour.resource, "started", broadcast)
        nudge(world, flavour, broadcast)


def nudge(world: World, flavour: Flavour, broadcast: Record, delay: int = 0) -> None:
    """Go on sending, if the broadcast runs and is not about to anyway."""
    if broadcast["status"] == "RUNNING" and not broadcast["_"].get("pumping"):
        world[flavour.table].note(broadcast, pumping=True)
        world.later(delay, pump, table=flavour.table, number=broadcast["id"])


@task
def pump(world: World, table: str, number: int) -> None:
    """Send the next recipients, as many as may be under way at once; finish when nobody is left."""
    flavour = FLAVOURS[table]
    broadcast = world[table].get(number)
    if broadcast is None:
        return
    world[table].note(broadcast, pumping=False)
    if broadcast["status"] != "RUNNING":
        return
    actions, waiting = world[flavour.trade.table], queue(number, "waiting")
    under_way = actions.count("queue", queue(number, "sent"))
    free = max(broadcast.get("maxActive", AT_ONCE) - under_way, 0)
    ready = list(islice((action for action in actions.each("queue", waiting) if _enabled(world, action)), free))
    if not under_way and not actions.count("queue", waiting):
        set_status(world, flavour, broadcast, "FINISHED")
        announce(world, flavour.resource, "finished", broadcast)
        return
    try:
        dispatch(world, flavour.trade, ready)
    except Forbidden:
        set_status(world, flavour, broadcast, "SUSPENDED")
        announce(world, "LowBalance", "failed", {"id": world.account["id"], "balance": world.account["_"]["credits"]})
        return
    if ready or under_way or not free:
        nudge(world, flavour, broadcast, max(flavour.trade.takes(world), 1))


def actions_of(world: World, flavour: Flavour, broadcast: Record) -> list[Record]:
    """All texts or calls of a broadcast."""
    return world[flavour.trade.table].where(campaignId=broadcast["id"])


def turn(world: World, flavour: Flavour, action: Record, state: str) -> None:
    """Make a text or call that waits DISABLED, so that it is not sent, or READY again."""
    waiting = queue(action["campaignId"], "waiting") if state == "READY" else None
    actions = world[flavour.trade.table]
    actions.change(action, state=state, modified=world.time(), _={**action["_"], "queue": waiting})


def _enabled(world: World, action: Record) -> bool:
    batch = world["batches"].get(action.get("batchId", 0))
    return batch is None or bool(batch["enabled"])


def _until_scheduled(world: World, broadcast: Record) -> int:
    """Milliseconds until the first schedule begins; 0 if there is none or it has begun."""
    begins = [_begin(schedule) for schedule in broadcast.get("schedules", ()) if "startDate" in schedule]
    return max(0, min(begins) - world.clock.now()) if begins else 0


def _begin(schedule: Record) -> int:
    day, time = schedule["startDate"], schedule.get("startTimeOfDay", {})
    try:
        zone = ZoneInfo(schedule.get("timeZone", "America/Los_Angeles"))
        moment = datetime(
            day["year"], day["month"], day["day"], time.get("hour", 0), time.get("minute", 0), tzinfo=zone
        )
    except (KeyError, ValueError, ZoneInfoNotFoundError) as error:
        raise BadRequest(f"schedules: cannot tell when {schedule} begins") from error
    return int(moment.timestamp() * 1000)


def refresh_batch(world: World, batch: Record) -> Record:
    """Bring a batch's count of remaining recipients up to date."""
    remaining = sum(
        action["state"] == "READY" and "sent" not in action["_"]
        for table in ("texts", "calls")
        for action in world[table].where(batchId=batch["id"])
    )
    return world["batches"].change(batch, remaining=remaining)


def request_batch(world: World, flavour: Flavour, broadcast: Record, given: dict[str, Any], *, strict: bool) -> Record:
    """Add a batch from recipients or a contact list; it is validated later. Raises BadRequest."""
    recipients = given.get("recipients", [])
    if "contactListId" in given:
        contacts = world["contacts"].where(lists=given["contactListId"])
        world.need("contact_lists", given["contactListId"], "contact list")
        recipients = [*recipients, *({"contactId": contact["id"]} for contact in contacts)]
    if strict:
        targets(world, recipients, strict=True, short_codes=flavour.trade is TEXTS)
    batch = add_batch(world, broadcast, given, "VALIDATING")
    scrub = given.get("scrubDuplicates", False)
    arguments = {"table": flavour.table, "number": batch["id"], "recipients": recipients, "scrub": scrub}
    world.later(world.switches.list_takes, validate_batch, **arguments)
    return batch


@task
def validate_batch(world: World, table: str, number: int, recipients: list[dict[str, Any]], scrub: bool) -> None:
    """Look at every recipient of a batch and take those that can be reached."""
    flavour, batch = FLAVOURS[table], world["batches"].get(number)
    broadcast = world[table].get(batch["broadcastId"]) if batch else None
    if batch is None or broadcast is None:
        return
    if not recipients:
        world["batches"].change(batch, status="SOURCE_ERROR")
        return
    try:
        found = targets(world, recipients, strict=False, short_codes=flavour.trade is TEXTS)
        if scrub:
            known = {action["toNumber"] for action in actions_of(world, flavour, broadcast)}
            found = [
                target for target in {target.number: target for target in found}.values() if target.number not in known
            ]
        add_recipients(world, flavour, broadcast, found, batch)
    except (BadRequest, Forbidden):
        world["batches"].change(batch, status="ERRORS")
    else:
        world["batches"].change(batch, status="ACTIVE")
