"""Broadcasts: created with recipients, started, sent a few recipients at a time, stopped."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from callfire_sandbox.errors import BadRequestError, ForbiddenError
from callfire_sandbox.world.actions import ActionType, create, dispatch, queue
from callfire_sandbox.world.broadcast_content import (
    CALL_DEFAULTS,
    MAX_ACTIVE,
    TEXT_DEFAULTS,
    add_spoken_sounds,
    check_sounds,
    has_text,
    speaks,
    until_scheduled,
    with_schedule_ids,
)
from callfire_sandbox.world.calling import CALLS, caller_id
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.recipients import Recipient, resolve_recipients, sending_number
from callfire_sandbox.world.scheduler import task
from callfire_sandbox.world.state import SHORT_CODE, World
from callfire_sandbox.world.texting import TEXTS, prepare, replace_common_message
from callfire_sandbox.world.webhooks import announce

STARTABLE = ("SETUP", "STOPPED", "FINISHED", "SCHEDULED", "SUSPENDED")
STOPPABLE = ("RUNNING", "SCHEDULED", "START_PENDING")
FIXED = ("id", "status", "lastModified", "recipients")
"""Fields that neither a creation nor an update sets."""


@dataclass(frozen=True)
class BroadcastType:
    """The facts in which text and call broadcasts differ."""

    table: str
    noun: str
    resource: str
    action_type: ActionType
    defaults: Record
    prepare: Callable[[World, Recipient, Record], dict[str, Any]]
    lacks_content: Callable[[Record, Iterable[Record]], str | None]
    """Returns what a broadcast with these recipients lacks, or None if it can start."""

    @property
    def short_codes(self) -> bool:
        """Whether recipients may be short codes."""
        return self.action_type is TEXTS


def _prepare_call(world: World, recipient: Recipient, broadcast: Record) -> dict[str, Any]:
    number = caller_id(world, recipient.given.get("fromNumber"), broadcast)
    return {"fromNumber": number, "campaignId": broadcast["id"], "labels": broadcast.get("labels")}


def _prepare_text(world: World, recipient: Recipient, broadcast: Record) -> dict[str, Any]:
    return prepare(world, recipient, broadcast, None)


def _lacks_sound(broadcast: Record, _calls: Iterable[Record]) -> str | None:
    return None if speaks(broadcast) else "a sound, a text or a dialplan"


def _lacks_message(broadcast: Record, texts: Iterable[Record]) -> str | None:
    return None if has_text(broadcast) or all(map(has_text, texts)) else "a message or media"


TEXT_BROADCASTS = BroadcastType(
    "text_broadcasts", "text broadcast", "TextBroadcast", TEXTS, TEXT_DEFAULTS, _prepare_text, _lacks_message
)
CALL_BROADCASTS = BroadcastType(
    "call_broadcasts", "call broadcast", "CallBroadcast", CALLS, CALL_DEFAULTS, _prepare_call, _lacks_sound
)
BROADCAST_TYPES = {entry.table: entry for entry in (TEXT_BROADCASTS, CALL_BROADCASTS)}


def add_broadcast(
    world: World, broadcast_type: BroadcastType, given: dict[str, Any], *, start: bool, strict: bool
) -> Record:
    """Create a broadcast; its recipients become the first batch. Raises BadRequestError, and then nothing was added."""
    recipients = given.get("recipients", [])
    found = resolve_recipients(world, recipients, strict=strict, short_codes=broadcast_type.short_codes)
    broadcast: Record = {
        **broadcast_type.defaults,
        **{name: value for name, value in given.items() if name not in FIXED},
        "id": world.new_id(),
        "name": given.get("name") or f"API {broadcast_type.noun}",
        "status": "SETUP",
        "lastModified": world.time(),
        "_": {"created": world.time()},
    }
    check_values(world, broadcast_type, broadcast)
    prepared = [broadcast_type.prepare(world, recipient, broadcast) for recipient in found]
    if start:
        check_content(broadcast_type, broadcast, prepared)
    complete(world, broadcast)
    world[broadcast_type.table].add(broadcast)
    if found:
        add_recipients(world, broadcast_type, broadcast, found, default_batch(world, broadcast))
    if start:
        start_broadcast(world, broadcast_type, broadcast)
    else:
        await_schedule(world, broadcast_type, broadcast)
    return broadcast


def check_values(world: World, broadcast_type: BroadcastType, broadcast: Record) -> None:
    """Raise BadRequestError or ForbiddenError for a sound, number or schedule that is not valid."""
    check_sounds(world, broadcast.get("sounds", {}))
    until_scheduled(world, broadcast)
    if "fromNumber" in broadcast and broadcast_type is TEXT_BROADCASTS:
        broadcast["fromNumber"] = sending_number(world, broadcast["fromNumber"], SHORT_CODE)
    elif "fromNumber" in broadcast:
        broadcast["fromNumber"] = caller_id(world, broadcast["fromNumber"])


def complete(world: World, broadcast: Record) -> None:
    """Add the ids of spoken sounds and of schedules."""
    if "sounds" in broadcast:
        broadcast["sounds"] = add_spoken_sounds(world, broadcast["sounds"])
    if "schedules" in broadcast:
        broadcast["schedules"] = with_schedule_ids(world, broadcast)


def update_broadcast(world: World, broadcast_type: BroadcastType, broadcast: Record, given: dict[str, Any]) -> None:
    """Change a broadcast, and the message of its recipients that wait. Raises BadRequestError."""
    forbidden = ("ARCHIVED",) if world.switches.update_running else ("RUNNING", "ARCHIVED")
    if broadcast["status"] in forbidden:
        raise BadRequestError(f"A {broadcast_type.noun} in status {broadcast['status']} cannot be changed.")
    values = {name: value for name, value in given.items() if name not in FIXED}
    changed = {"id": broadcast["id"], **values}
    check_values(world, broadcast_type, changed)
    if broadcast["status"] == "RUNNING":
        check_content(broadcast_type, {**broadcast, **changed}, [{}])
    complete(world, changed)
    world[broadcast_type.table].change(broadcast, **changed, lastModified=world.time())
    if broadcast_type is TEXT_BROADCASTS and "message" in values:
        for text in world["texts"].where(queue=queue(broadcast["id"], "waiting")):
            replace_common_message(world, text, broadcast)
    if "schedules" in values:
        await_schedule(world, broadcast_type, broadcast)
    continue_broadcast(world, broadcast_type, broadcast)


def default_batch(world: World, broadcast: Record) -> Record:
    """Return the first batch of a broadcast, to which single recipients are added."""
    batches = world["batches"].where(broadcastId=broadcast["id"])
    return batches[0] if batches else add_batch(world, broadcast, {"name": f"API {broadcast['id']}"}, "ACTIVE")


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
    world: World, broadcast_type: BroadcastType, broadcast: Record, found: list[Recipient], batch: Record
) -> list[Record]:
    """Add a text or call for each recipient. The actions wait until the broadcast runs.

    Raises BadRequestError if a text of a running broadcast has no message, and then nothing was added.
    """
    prepared = [broadcast_type.prepare(world, recipient, broadcast) for recipient in found]
    if broadcast["status"] == "RUNNING":
        check_content(broadcast_type, broadcast, prepared)
    actions = [
        create(world, broadcast_type.action_type, recipient, batchId=batch["id"], **values)
        for recipient, values in zip(found, prepared, strict=True)
    ]
    world["batches"].change(batch, size=batch["size"] + len(actions))
    continue_broadcast(world, broadcast_type, broadcast)
    return actions


def check_content(broadcast_type: BroadcastType, broadcast: Record, actions: Iterable[Record]) -> None:
    """Raise BadRequestError if the broadcast has nothing to say to these recipients."""
    if missing := broadcast_type.lacks_content(broadcast, actions):
        raise BadRequestError(f"The {broadcast_type.noun} cannot be started: it needs {missing}. Add one of them.")


def start_broadcast(world: World, broadcast_type: BroadcastType, broadcast: Record) -> None:
    """Start a broadcast now, or schedule its start. Raises BadRequestError if it cannot be started."""
    if broadcast["status"] not in STARTABLE:
        raise BadRequestError(f"The {broadcast_type.noun} is {broadcast['status']} and cannot be started.")
    waiting = world[broadcast_type.action_type.table].each("queue", queue(broadcast["id"], "waiting"))
    check_content(broadcast_type, broadcast, waiting)
    if delay := until_scheduled(world, broadcast):
        set_status(world, broadcast_type, broadcast, "SCHEDULED")
        world.later(delay, run, table=broadcast_type.table, number=broadcast["id"])
        return
    _run(world, broadcast_type, broadcast)


def await_schedule(world: World, broadcast_type: BroadcastType, broadcast: Record) -> None:
    """Let the schedule start a broadcast that has content. The `schedule_starts` switch applies."""
    is_ready = broadcast["status"] == "SETUP" and not broadcast_type.lacks_content(broadcast, [{}])
    if world.switches.schedule_starts and is_ready and until_scheduled(world, broadcast):
        start_broadcast(world, broadcast_type, broadcast)


def stop_broadcast(world: World, broadcast_type: BroadcastType, broadcast: Record) -> None:
    """Stop a broadcast. Raises BadRequestError if it does not run."""
    if broadcast["status"] not in STOPPABLE:
        raise BadRequestError(f"The {broadcast_type.noun} is {broadcast['status']} and cannot be stopped.")
    set_status(world, broadcast_type, broadcast, "STOPPED")
    announce_broadcast(world, broadcast_type, "stopped", broadcast)


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
    announce_broadcast(world, broadcast_type, "started", broadcast)
    continue_broadcast(world, broadcast_type, broadcast)


def announce_broadcast(world: World, broadcast_type: BroadcastType, event: str, broadcast: Record) -> None:
    """Announce an event of a broadcast, with its recipients and schedules."""
    if not world["webhooks"].count("resource", broadcast_type.resource):
        return
    recipients = [_given(action) for action in actions_of(world, broadcast_type, broadcast)]
    defaults: Record = {"labels": [], "schedules": [], "recipients": recipients}
    if broadcast_type is TEXT_BROADCASTS:
        defaults["media"] = []
    announce(world, broadcast_type.resource, event, broadcast, defaults)


def _given(action: Record) -> Record:
    """Return a recipient as a webhook shows it."""
    contact = action.get("contact")
    recipient: Record = {"contactId": contact["id"]} if contact else {"phoneNumber": action["toNumber"]}
    return {**recipient, **({"message": action["message"]} if "message" in action else {})}


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
        if _has_batch_in_validation(world, number):
            return  # the end of the validation continues the broadcast
        set_status(world, broadcast_type, broadcast, "FINISHED")
        announce_broadcast(world, broadcast_type, "finished", broadcast)
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


def _has_batch_in_validation(world: World, number: int) -> bool:
    return any(batch["status"] == "VALIDATING" for batch in world["batches"].where(broadcastId=number))


def _enabled(world: World, action: Record) -> bool:
    batch = world["batches"].get(action.get("batchId", 0))
    return batch is None or bool(batch["enabled"])
