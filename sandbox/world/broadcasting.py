"""Broadcasts: created with recipients, started, sent a few recipients at a time, stopped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.errors import BadRequestError, ForbiddenError
from sandbox.world.actions import ActionType, create, dispatch, queue
from sandbox.world.calling import CALLS, caller_id, check_sounds
from sandbox.world.query import Record
from sandbox.world.recipients import Recipient, resolve_recipients
from sandbox.world.scheduler import task
from sandbox.world.state import World
from sandbox.world.texting import TEXTS, prepare
from sandbox.world.webhooks import announce

MAX_ACTIVE = 100
"""Recipients in flight at the same time if the broadcast has no maxActive."""
STARTABLE = ("SETUP", "STOPPED", "FINISHED", "SCHEDULED", "SUSPENDED")
STOPPABLE = ("RUNNING", "SCHEDULED", "START_PENDING")


@dataclass(frozen=True)
class BroadcastType:
    """The facts in which text and call broadcasts differ."""

    table: str
    noun: str
    resource: str
    action_type: ActionType
    prepare: Callable[[World, Recipient, Record], dict[str, Any]]

    @property
    def short_codes(self) -> bool:
        """Whether recipients may be short codes."""
        return self.action_type is TEXTS


def _prepare_call(world: World, recipient: Recipient, broadcast: Record) -> dict[str, Any]:
    number = caller_id(world, recipient.given.get("fromNumber"), broadcast)
    return {"fromNumber": number, "campaignId": broadcast["id"], "labels": broadcast.get("labels")}


def _prepare_text(world: World, recipient: Recipient, broadcast: Record) -> dict[str, Any]:
    return prepare(world, recipient, broadcast, None)


TEXT_BROADCASTS = BroadcastType("text_broadcasts", "text broadcast", "TextBroadcast", TEXTS, _prepare_text)
CALL_BROADCASTS = BroadcastType("call_broadcasts", "call broadcast", "CallBroadcast", CALLS, _prepare_call)
BROADCAST_TYPES = {entry.table: entry for entry in (TEXT_BROADCASTS, CALL_BROADCASTS)}


def add_broadcast(
    world: World, broadcast_type: BroadcastType, given: dict[str, Any], *, start: bool, strict: bool
) -> Record:
    """Create a broadcast; its recipients become the first batch. Raises BadRequestError, and then nothing was added."""
    recipients = given.pop("recipients", [])
    check_sounds(world, given.get("sounds", {}))
    found = resolve_recipients(world, recipients, strict=strict, short_codes=broadcast_type.short_codes)
    broadcast: Record = {
        "maxActive": MAX_ACTIVE,
        **{name: value for name, value in given.items() if name not in ("status", "lastModified", "id")},
        "id": world.new_id(),
        "name": given.get("name") or f"API {broadcast_type.noun}",
        "status": "SETUP",
        "lastModified": world.time(),
        "_": {"created": world.time()},
    }
    for recipient in found:
        broadcast_type.prepare(world, recipient, broadcast)
    _until_scheduled(world, broadcast)
    if start:
        check_startable(broadcast_type, broadcast)
    world[broadcast_type.table].add(broadcast)
    if found:
        batch = add_batch(world, broadcast, {"name": "Recipients"}, "ACTIVE")
        add_recipients(world, broadcast_type, broadcast, found, batch)
    if start:
        start_broadcast(world, broadcast_type, broadcast)
    return broadcast


def add_batch(world: World, broadcast: Record, given: dict[str, Any], status: str) -> Record:
    """Add an empty batch to a broadcast."""
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
    world: World, broadcast_type: BroadcastType, broadcast: Record, found: list[Recipient], batch: Record | None
) -> list[Record]:
    """Add a text or call for each recipient. The actions wait until the broadcast runs."""
    actions = []
    for recipient in found:
        values = broadcast_type.prepare(world, recipient, broadcast)
        batch_id = batch["id"] if batch else None
        actions.append(create(world, broadcast_type.action_type, recipient, batchId=batch_id, **values))
    if batch:
        world["batches"].change(batch, size=batch["size"] + len(actions))
    continue_broadcast(world, broadcast_type, broadcast)
    return actions


def check_startable(broadcast_type: BroadcastType, broadcast: Record) -> None:
    """Raise BadRequestError if the broadcast cannot be started."""
    if broadcast["status"] not in STARTABLE:
        raise BadRequestError(f"The {broadcast_type.noun} is {broadcast['status']} and cannot be started.")


def start_broadcast(world: World, broadcast_type: BroadcastType, broadcast: Record) -> None:
    """Start a broadcast now, or schedule its start."""
    check_startable(broadcast_type, broadcast)
    if waiting := _until_scheduled(world, broadcast):
        set_status(world, broadcast_type, broadcast, "SCHEDULED")
        world.later(waiting, run, table=broadcast_type.table, number=broadcast["id"])
        return
    _run(world, broadcast_type, broadcast)


def stop_broadcast(world: World, broadcast_type: BroadcastType, broadcast: Record) -> None:
    """Stop a broadcast. Raises BadRequestError if it does not run."""
    if broadcast["status"] not in STOPPABLE:
        raise BadRequestError(f"The {broadcast_type.noun} is {broadcast['status']} and cannot be stopped.")
    set_status(world, broadcast_type, broadcast, "STOPPED")
    announce(world, broadcast_type.resource, "stopped", broadcast)


def set_status(world: World, broadcast_type: BroadcastType, broadcast: Record, status: str) -> None:
    """Set the status of a broadcast."""
    world[broadcast_type.table].change(broadcast, status=status, lastModified=world.time())
    world.feed.tell(broadcast_type.table, broadcast)


@task
def run(world: World, table: str, number: int) -> None:
    """Start a scheduled broadcast at its time."""
    broadcast = world[table].get(number)
    if broadcast and broadcast["status"] == "SCHEDULED":
        _run(world, BROADCAST_TYPES[table], broadcast)


def _run(world: World, broadcast_type: BroadcastType, broadcast: Record) -> None:
    set_status(world, broadcast_type, broadcast, "RUNNING")
    announce(world, broadcast_type.resource, "started", broadcast)
    continue_broadcast(world, broadcast_type, broadcast)


def continue_broadcast(world: World, broadcast_type: BroadcastType, broadcast: Record, delay: int = 0) -> None:
    """Schedule the next recipients of a running broadcast, unless that is already scheduled."""
    if broadcast["status"] == "RUNNING" and not broadcast["_"].get("pumping"):
        world[broadcast_type.table].note(broadcast, pumping=True)
        world.later(delay, pump, table=broadcast_type.table, number=broadcast["id"])


@task
def pump(world: World, table: str, number: int) -> None:
    """Send to the next recipients, up to maxActive in flight. Finish the broadcast after the last recipient."""
    broadcast_type = BROADCAST_TYPES[table]
    broadcast = world[table].get(number)
    if broadcast is None:
        return
    world[table].note(broadcast, pumping=False)
    if broadcast["status"] != "RUNNING":
        return
    actions, waiting = world[broadcast_type.action_type.table], queue(number, "waiting")
    in_flight = actions.count("queue", queue(number, "sent"))
    free = max(broadcast.get("maxActive", MAX_ACTIVE) - in_flight, 0)
    ready = list(islice((action for action in actions.each("queue", waiting) if _enabled(world, action)), free))
    if not in_flight and not actions.count("queue", waiting):
        set_status(world, broadcast_type, broadcast, "FINISHED")
        announce(world, broadcast_type.resource, "finished", broadcast)
        return
    try:
        dispatch(world, broadcast_type.action_type, ready)
    except ForbiddenError:
        set_status(world, broadcast_type, broadcast, "SUSPENDED")
        announce(world, "LowBalance", "failed", {"id": world.account["id"], "balance": world.account["_"]["credits"]})
        return
    if ready or in_flight or not free:
        continue_broadcast(world, broadcast_type, broadcast, max(broadcast_type.action_type.takes(world), 1))


def actions_of(world: World, broadcast_type: BroadcastType, broadcast: Record) -> list[Record]:
    """Return all texts or calls of a broadcast."""
    return world[broadcast_type.action_type.table].where(campaignId=broadcast["id"])


def set_action_state(world: World, broadcast_type: BroadcastType, action: Record, state: str) -> None:
    """Set a waiting text or call to DISABLED, so that it is not sent, or back to READY."""
    waiting = queue(action["campaignId"], "waiting") if state == "READY" else None
    actions = world[broadcast_type.action_type.table]
    actions.change(action, state=state, modified=world.time(), _={**action["_"], "queue": waiting})


def _enabled(world: World, action: Record) -> bool:
    batch = world["batches"].get(action.get("batchId", 0))
    return batch is None or bool(batch["enabled"])


def _until_scheduled(world: World, broadcast: Record) -> int:
    """Return the milliseconds until the first schedule begins; 0 without a schedule or after its begin."""
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
        raise BadRequestError(
            "schedules: a start date, time or time zone is not valid. Use year, month and day, and an IANA time zone."
        ) from error
    return int(moment.timestamp() * 1000)
