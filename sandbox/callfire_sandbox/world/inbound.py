"""Inbound texts and calls on demand: single ones, or a load of them."""

from typing import Any

from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world import calling, texting
from callfire_sandbox.world.audio import LONGEST
from callfire_sandbox.world.clock import LATEST
from callfire_sandbox.world.phone_numbers import normal
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.scheduler import task
from callfire_sandbox.world.state import SHORT_CODES, World

TICK = 100


def text_in(world: World, given: dict[str, Any]) -> Record:
    """Receive a text {fromNumber, toNumber, message, media, labels, created}. Default: to the first leased number."""
    sender, to = _numbers(world, given, "textFeatureStatus")
    more = {name: given.get(name) for name in ("labels", "campaignId", "created", "attributes")}
    media = texting.media(world, given["media"]) if given.get("media") else None
    return texting.receive(world, sender=sender, to=to, message=given.get("message", ""), media=media, **more)


def call_in(world: World, given: dict[str, Any]) -> Record:
    """Receive a call {fromNumber, toNumber, result, recordingSeconds, labels, created}."""
    caller, to = _numbers(world, given, "callFeatureStatus")
    more = {name: given.get(name) for name in ("labels", "campaignId", "created", "result")}
    seconds = given.get("recordingSeconds") or 0
    if not 0 <= seconds <= LONGEST:
        raise BadRequestError(f"recordingSeconds: must be from 0 to {LONGEST}.")
    return calling.receive(world, caller=caller, to=to, recording_seconds=seconds, **more)


KINDS = {"texts": text_in, "calls": call_in}


def _numbers(world: World, given: dict[str, Any], feature: str) -> tuple[str, str]:
    sender = normal(given.get("fromNumber", ""), short_codes=True)
    to = normal(given["toNumber"] if "toNumber" in given else _first_leased(world), short_codes=True)
    if sender is None or to is None:
        raise BadRequestError("fromNumber, toNumber: must be phone numbers. Use 11 digits or a short code.")
    if to not in SHORT_CODES and not world["number_leases"].where(number=to, **{feature: "ENABLED"}):
        raise BadRequestError("toNumber: the number is not leased, or this feature is disabled. Lease it first.")
    if not 0 <= (given.get("created") or 0) <= LATEST:
        raise BadRequestError("created: the value must be Unix time in milliseconds.")
    return sender, to


def _first_leased(world: World) -> str:
    return str(next(iter(world["number_leases"].rows.values()))["number"])


@task
def load(world: World, *, kind: str, total: int, per_second: float, done: int, began: int) -> None:
    """Receive the texts or calls of a load that are due, each from a different number. Schedule the rest."""
    due = min(total, int((world.clock.now() - began) * per_second / 1000) + 1)
    for number in range(done, due):
        sender = f"1{200 + number // 10_000_000 % 800}{number % 10_000_000:07d}"
        KINDS[kind](world, {"fromNumber": sender, "message": f"Load {number + 1} of {total}"})
    if due < total:
        world.later(TICK, load, kind=kind, total=total, per_second=per_second, done=due, began=began)
