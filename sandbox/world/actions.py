"""What texts and calls have in common: they are created, become visible, and are finished; CallFire calls them actions.

The two differ in a few facts, which `Trade` holds; `texting.py` and `calling.py` declare one each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.errors import Forbidden
from sandbox.world.billing import charge
from sandbox.world.query import Record
from sandbox.world.recipients import Target
from sandbox.world.reports import report
from sandbox.world.state import World
from sandbox.world.tasks import task
from sandbox.world.webhooks import announce


@dataclass(frozen=True)
class Trade:
    """Texts or calls: the facts in which they differ."""

    table: str
    result: str
    """The field of the final result."""
    record_result: str
    """The same in a record."""
    resource: str
    """The webhook resource, behind Inbound or Outbound."""
    dnc: str
    """The result of one whose number is on a do-not-contact list."""
    dnc_out: str
    dnc_universal: str
    default_result: str
    cost: Callable[[Record], float]
    finish: Callable[[World, Record, str], dict[str, Any]]
    """What finishing adds to its one record."""
    takes: Callable[[World], int]


TRADES: dict[str, Trade] = {}


def create(world: World, trade: Trade, target: Target, **values: Any) -> Record:
    """A new outbound text or call in state READY, or INVALID if its number is none.

    With `unsendable` it is not to be sent, and ends with that result.
    """
    now = world.time()
    unsendable = values.pop("unsendable", None)
    action: Record = {
        "id": world.new_id(),
        "fromNumber": values.pop("fromNumber"),
        "toNumber": target.number,
        "state": "READY" if target.valid else "INVALID",
        "campaignId": values.pop("campaignId", 0),
        "inbound": False,
        "created": now,
        "modified": now,
        **{name: value for name, value in values.items() if value is not None},
        "records": [],
        "_": {"hidden": world.switches.visible_after > 0, **({"unsendable": unsendable} if unsendable else {})},
    }
    if target.valid:
        action["_"]["queue"] = queue(action["campaignId"], "waiting")
    if target.given.get("attributes"):
        action["attributes"] = target.given["attributes"]
    if target.contact:
        action["contact"] = {name: value for name, value in target.contact.items() if name not in ("_", "lists")}
    world[trade.table].add(action)
    appear_later(world, trade, [action["id"]])
    return action


def queue(campaign: int, phase: str) -> str:
    """The queue in which texts and calls of a campaign stand: those that wait, and those that were sent."""
    return f"{campaign} {phase}"


def appear_later(world: World, trade: Trade, numbers: list[int]) -> None:
    """Let new texts or calls be found once the switch's time is over."""
    if world.switches.visible_after:
        world.later(world.switches.visible_after, appear, table=trade.table, numbers=numbers)


@task
def appear(world: World, table: str, numbers: list[int]) -> None:
    """From now on these are found."""
    for number in numbers:
        if action := world[table].get(number):
            world[table].note(action, hidden=False)


def dispatch(world: World, trade: Trade, actions: list[Record]) -> None:
    """Send those that are READY: charge them and let them finish later; do not contact who must not be."""
    waiting = [action for action in actions if action["state"] == "READY"]
    for action in waiting:
        if blocked(world, trade, action):
            end(world, trade, action, trade.dnc, state="DNC")
        elif "unsendable" in action["_"]:
            end(world, trade, action, action["_"]["unsendable"])
    ready = [action for action in waiting if action["state"] == "READY"]
    if not ready:
        return
    charge(world, sum(trade.cost(action) for action in ready))
    for action in ready:
        world[trade.table].note(action, sent=world.clock.now(), queue=queue(action["campaignId"], "sent"))
        world.feed.tell(trade.table, action)
    world.later(trade.takes(world), finish, table=trade.table, numbers=[action["id"] for action in ready])


def affordable(world: World, trade: Trade, actions: list[Record]) -> None:
    """Refuse what the credits do not reach for, before anything of it is sent. Raises Forbidden."""
    cost = sum(trade.cost(action) for action in actions)
    if cost > world.account["_"]["credits"]:
        raise Forbidden("the account has not enough credits for this")


def blocked(world: World, trade: Trade, action: Record) -> bool:
    """Whether the number is on the account's or the universal do-not-contact list."""
    number = action["toNumber"]
    if any(entry.get(trade.dnc_out) for entry in world["dncs"].where(number=number)):
        return True
    return any(
        entry.get(trade.dnc_universal) and entry.get("fromNumber", action["fromNumber"]) == action["fromNumber"]
        for entry in world["universal_dncs"].where(toNumber=number)
    )


@task
def finish(world: World, table: str, numbers: list[int]) -> None:
    """Those texts or calls have reached, or not reached, their recipients."""
    trade = TRADES[table]
    for number in numbers:
        action = world[table].get(number)
        if action is None or action["state"] != "READY":
            continue
        outcome = world["outcomes"].first(number=action["toNumber"]) or {}
        end(world, trade, action, outcome.get(trade.result, trade.default_result))
        later = outcome.get(f"{trade.result}Later")
        if world.switches.changes_again_after or later:
            delay = world.switches.changes_again_after or 1000
            world.later(delay, change_again, table=table, number=number, result=later)


def end(
    world: World, trade: Trade, action: Record, result: str, *, state: str = "FINISHED", more: Record | None = None
) -> None:
    """Bring a text or call to its end, with one record of it."""
    now = world.time()
    record = {
        "id": world.new_id(),
        "billedAmount": trade.cost(action) if "sent" in action["_"] else 0.0,
        "finishTime": now,
        "toNumber": action["toNumber"],
        trade.record_result: result,
        **trade.finish(world, action, result),
        **(more or {}),
    }
    world[trade.table].change(
        action,
        state=state,
        modified=now,
        records=[record],
        **{trade.result: result},
        _={**action["_"], "finished": now, "queue": None},
    )
    world.feed.tell(trade.table, action)
    announce(world, ("Inbound" if action["inbound"] else "Outbound") + trade.resource, "finished", action)


@task
def change_again(world: World, table: str, number: int, result: str | None) -> None:
    """A receipt came late: the text or call is modified, and with it perhaps its result."""
    trade = TRADES[table]
    action = world[table].get(number)
    if action is None:
        return
    result = result or action[trade.result]
    records = [{**record, trade.record_result: result} for record in action["records"]]
    world[table].change(action, modified=world.time(), records=records, **{trade.result: result})
    world.feed.tell(table, action)
    if trade.resource == "Text":
        announce(world, "OutboundTextDeliveryReport", "received", {"id": number, **report(action)})
