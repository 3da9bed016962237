"""What comes in from outside on demand: texts and calls, singly or as a load."""

from typing import Any

from sandbox.errors import BadRequest
from sandbox.world import calling, texting
from sandbox.world.phone import normal
from sandbox.world.query import Record
from sandbox.world.seed import NUMBER
from sandbox.world.state import World
from sandbox.world.tasks import task

TICK = 100


def text_in(world: World, given: dict[str, Any]) -> Record:
    """An inbound text: fromNumber, toNumber (default: the leased number), message, media, labels, created."""
    sender, to = _numbers(given)
    more = {name: given.get(name) for name in ("labels", "campaignId", "created", "attributes")}
    media = texting.media(world, given["media"]) if given.get("media") else None
    return texting.receive(world, sender=sender, to=to, message=str(given.get("message", "")), media=media, **more)


def call_in(world: World, given: dict[str, Any]) -> Record:
    """An inbound call: fromNumber, toNumber, result, recordingSeconds, labels, created."""
    caller, to = _numbers(given)
    more = {name: given.get(name) for name in ("labels", "campaignId", "created", "result")}
    seconds = int(given.get("recordingSeconds") or 0)
    return calling.receive(world, caller=caller, to=to, recording_seconds=seconds, **more)


KINDS = {"texts": text_in, "calls": call_in}


def _numbers(given: dict[str, Any]) -> tuple[str, str]:
    sender = normal(str(given.get("fromNumber", "")), short_codes=True)
    to = normal(str(given.get("toNumber", NUMBER)), short_codes=True)
    if sender is None or to is None:
        raise BadRequest("fromNumber and toNumber must be phone numbers")
    created = given.get("created")
    if created is not None and not isinstance(created, int):
        raise BadRequest("created must be a time in milliseconds")
    return sender, to


@task
def load(world: World, *, kind: str, total: int, per_second: float, done: int, began: int) -> None:
    """Bring in what is due of a load: `total` texts or calls, so many a second, each from a number of its own."""
    due = min(total, int((world.clock.now() - began) * per_second / 1000) + 1)
    for number in range(done, due):
        sender = f"1{200 + number // 10_000_000 % 800}{number % 10_000_000:07d}"
        KINDS[kind](world, {"fromNumber": sender, "message": f"Load {number + 1} of {total}"})
    if due < total:
        world.later(TICK, load, kind=kind, total=total, per_second=per_second, done=due, began=began)
