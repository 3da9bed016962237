"""The life of texts and calls, which CallFire calls actions: created, visible in find operations, sent, finished.

Texts and calls differ in a few facts. `ActionType` holds them; `texting.py` and `calling.py` declare one each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from callfire_sandbox.errors import ForbiddenError
from callfire_sandbox.world.billing import charge
from callfire_sandbox.world.contacts import contact_at
from callfire_sandbox.world.delivery_reports import RECEIPT, receipt
from callfire_sandbox.world.magic_numbers import list_when_named, magic, outcome_of
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.recipients import Recipient
from callfire_sandbox.world.scheduler import task
from callfire_sandbox.world.state import World
from callfire_sandbox.world.webhooks import announce


@dataclass(frozen=True)
class ActionType:
    """The facts in which texts and calls differ."""

    table: str
    result: str
    """The field of the final result."""
    record_results: Callable[[World, str], Record]
    """Returns the fields of the result in a record."""
    resource: str
    """The webhook resource without Inbound or Outbound."""
    dnc: str
    """The final result if the number is on a do-not-contact list."""
    dnc_out: str
    dnc_universal: str
    default_result: str
    extras: Record
    """Fields that every text or call has besides."""
    payload_defaults: Record
    """Fields that webhooks show even if they are empty."""
    cost: Callable[[Record], float]
    finish: Callable[[World, Record, str], dict[str, Any]]
    """Returns the fields that finishing adds to the record of the action."""
    takes: Callable[[World], int]


ACTION_TYPES: dict[str, ActionType] = {}


def create(world: World, action_type: ActionType, recipient: Recipient, **values: Any) -> Record:
    """Add an outbound text or call in state READY, or INVALID if the number is not valid.

    With `unsendable` the action is not sent and ends with that result. `common` marks the message of the campaign.
    """
    now = world.time()
    kept = {name: values.pop(name) for name in ("unsendable", "common") if name in values}
    action: Record = {
        "id": world.new_id(),
        "fromNumber": values.pop("fromNumber"),
        "toNumber": recipient.number,
        "state": "READY" if recipient.valid else "INVALID",
        "campaignId": values.pop("campaignId", 0),
        "inbound": False,
        **action_type.extras,
        "created": now,
        "modified": now,
        **{name: value for name, value in values.items() if value is not None},
        "records": [],
        "_": {"hidden": world.switches.visible_after > 0, **kept},
    }
    if recipient.valid:
        action["_"]["queue"] = queue(action["campaignId"], "waiting")
    if recipient.given.get("attributes"):
        action["attributes"] = recipient.given["attributes"]
    if recipient.contact:
        action["contact"] = recipient.contact
    world[action_type.table].add(action)
    appear_later(world, action_type, [action["id"]])
    return action


def queue(campaign: int, phase: str) -> str:
    """Return the name of a campaign's queue; `phase` is `waiting` or `sent`."""
    return f"{campaign} {phase}"


def add_inbound(world: World, action_type: ActionType, *, caller: str, to: str, created: int, **more: Any) -> Record:
    """Add an inbound text or call, which is over. Of `more`, fields without a value are left out."""
    action: Record = {
        "fromNumber": caller,
        "toNumber": to,
        "state": "FINISHED",
        "campaignId": 0,
        "inbound": True,
        **action_type.extras,
        **contact_at(world, caller),
        "created": created,
        "modified": created,
        **{name: value for name, value in more.items() if value is not None},
        "_": {"hidden": world.switches.visible_after > 0},
    }
    world[action_type.table].add(action)
    appear_later(world, action_type, [action["id"]])
    return action


def appear_later(world: World, action_type: ActionType, numbers: list[int]) -> None:
    """Make new texts or calls visible to find operations after the time of the `visible_after` switch."""
    if world.switches.visible_after:
        world.later(world.switches.visible_after, appear, table=action_type.table, numbers=numbers)


@task
def appear(world: World, table: str, numbers: list[int]) -> None:
    """Make texts, calls or contacts visible to find operations."""
    for number in numbers:
        if action := world[table].get(number):
            world[table].note(action, hidden=False)


def dispatch(world: World, action_type: ActionType, actions: list[Record]) -> None:
    """Send the actions in state READY: charge them and schedule their end.

    Numbers on a do-not-contact list are not contacted. Raises ForbiddenError if the credits are not enough.
    """
    waiting = [action for action in actions if action["state"] == "READY"]
    for action in waiting:
        if blocked(world, action_type, action):
            end(world, action_type, action, action_type.dnc, state="DNC")
        elif action["_"].get("unsendable"):
            end(world, action_type, action, action["_"]["unsendable"])
    ready = [action for action in waiting if action["state"] == "READY"]
    if not ready:
        return
    charge(world, sum(action_type.cost(action) for action in ready))
    for action in ready:
        world[action_type.table].note(action, sent=world.clock.now(), queue=queue(action["campaignId"], "sent"))
        world.feed.tell(action_type.table, action)
    by_delay: dict[int, list[int]] = {}
    for action in ready:
        entry = magic(action["toNumber"])
        by_delay.setdefault(entry.slower_by if entry else 0, []).append(action["id"])
    for slower_by, numbers in by_delay.items():
        world.later(action_type.takes(world) + slower_by, finish, table=action_type.table, numbers=numbers)


def check_credits(world: World, action_type: ActionType, actions: list[Record]) -> None:
    """Raise ForbiddenError if the credits are not enough for all of these actions."""
    cost = sum(action_type.cost(action) for action in actions)
    if cost > world.account["_"]["credits"]:
        raise ForbiddenError("The account does not have enough credits. Buy credits or send to fewer recipients.")


def blocked(world: World, action_type: ActionType, action: Record) -> bool:
    """Return whether the number is on the do-not-contact list of the account or on the universal list."""
    number = action["toNumber"]
    list_when_named(world, number)
    if any(entry.get(action_type.dnc_out) for entry in world["dncs"].each("number", number)):
        return True
    return any(
        entry.get(action_type.dnc_universal) and entry.get("fromNumber", action["fromNumber"]) == action["fromNumber"]
        for entry in world["universal_dncs"].each("toNumber", number)
    )


@task
def finish(world: World, table: str, numbers: list[int]) -> None:
    """End texts or calls with the outcome of their number, or with success."""
    action_type = ACTION_TYPES[table]
    for number in numbers:
        action = world[table].get(number)
        if action is None or action["state"] != "READY":
            continue
        outcome = outcome_of(world, action["toNumber"])
        end(world, action_type, action, outcome.get(action_type.result, action_type.default_result))
        later = outcome.get(f"{action_type.result}Later")
        if world.switches.changes_again_after or later:
            delay = world.switches.changes_again_after or 1000
            world.later(delay, change_again, table=table, number=number, result=later)


def end(
    world: World,
    action_type: ActionType,
    action: Record,
    result: str,
    *,
    state: str = "FINISHED",
    more: Record | None = None,
) -> None:
    """Bring a text or call to its final state and add one record; `more` are further fields of that record."""
    now = world.time()
    record = {
        "id": world.new_id(),
        "billedAmount": action_type.cost(action) if "sent" in action["_"] else 0.0,
        "finishTime": now,
        "toNumber": action["toNumber"],
        **action_type.record_results(world, result),
        **action_type.finish(world, action, result),
        **(more or {}),
    }
    world[action_type.table].change(
        action,
        state=state,
        modified=now,
        records=[record],
        **{action_type.result: result},
        _={**action["_"], "finished": now, "queue": None},
    )
    world.feed.tell(action_type.table, action)
    direction = "Inbound" if action["inbound"] else "Outbound"
    announce(world, direction + action_type.resource, "finished", action, action_type.payload_defaults)
    if action_type.resource == "Text" and not action["inbound"]:
        send_receipt_later(world, action)


@task
def change_again(world: World, table: str, number: int, result: str | None) -> None:
    """Modify a finished text or call, as a late receipt does. A `result` of None keeps the result."""
    action_type = ACTION_TYPES[table]
    action = world[table].get(number)
    if action is None:
        return
    result = result or action[action_type.result]
    records = [{**record, **action_type.record_results(world, result)} for record in action["records"]]
    world[table].change(action, modified=world.time(), records=records, **{action_type.result: result})
    world.feed.tell(table, action)
    if action_type.resource == "Text" and not action["inbound"]:
        send_receipt(world, number)


def send_receipt_later(world: World, action: Record) -> None:
    """Schedule the delivery report of a text that has ended, if a webhook subscribes to it."""
    if world.switches.receipt_after and world["webhooks"].count("resource", RECEIPT):
        world.later(world.switches.receipt_after, send_receipt, number=action["id"])


@task
def send_receipt(world: World, number: int) -> None:
    """Announce the delivery report of a text."""
    text = world["texts"].get(number)
    if text is not None:
        announce(world, RECEIPT, "received", receipt(world, text))
