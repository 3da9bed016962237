"""Calls: placing, receiving and recordings."""

import hashlib
from typing import Any

from sandbox.errors import BadRequestError, ForbiddenError
from sandbox.world import audio
from sandbox.world.actions import ACTION_TYPES, ActionType, appear_later, check_credits, create, dispatch, end
from sandbox.world.billing import CALL_MINUTE_COST
from sandbox.world.query import Record
from sandbox.world.recipients import from_number, resolve_recipients
from sandbox.world.state import World

MAX_RECIPIENTS = 10
ANSWERED = ("LA", "AM", "XFER")
RING_SECONDS, TALK_SECONDS = 5, 25
MESSAGES = ("liveMessage", "liveMessageSoundId", "machineMessage", "machineMessageSoundId", "dialplanXml")


def cost(call: Record) -> float:
    """Return the credits for a call: one per started minute, nothing for an inbound call."""
    return 0.0 if call["inbound"] else CALL_MINUTE_COST


def _finish(world: World, _call: Record, result: str) -> dict[str, Any]:
    now = world.time()
    talked = TALK_SECONDS if result in ANSWERED else 0
    times = {"originateTime": now - (RING_SECONDS + talked) * 1000, "duration": talked, "switchId": "sandbox"}
    return {**times, "answerTime": now - talked * 1000} if talked else times


CALLS = ACTION_TYPES["calls"] = ActionType(
    table="calls",
    result="finalCallResult",
    record_result="result",
    resource="Call",
    dnc="DNC",
    dnc_out="call",
    dnc_universal="outboundCall",
    default_result="LA",
    cost=cost,
    finish=_finish,
    takes=lambda world: world.switches.call_takes,
)


def send(
    world: World,
    recipients: list[dict[str, Any]],
    *,
    campaign: Record | None,
    defaults: dict[str, Any],
    strict: bool,
) -> list[Record]:
    """Call each recipient and return the calls.

    Raises BadRequestError or ForbiddenError, and then no call was placed.
    """
    if len(recipients) > MAX_RECIPIENTS:
        raise BadRequestError(
            f"recipients: no more than {MAX_RECIPIENTS} are allowed in one request. Use several requests."
        )
    found = resolve_recipients(world, recipients, strict=strict, short_codes=False)
    calls = []
    for index, recipient in enumerate(found):
        says = {**defaults, **recipient.given}
        if campaign is None and not any(says.get(name) for name in MESSAGES):
            raise BadRequestError(f"recipients[{index}]: a call needs a message, a sound or a dialplan. Add one.")
        check_sounds(world, says)
        calls.append({"fromNumber": caller_id(world, recipient.given.get("fromNumber"), campaign)})
    campaign_id = campaign["id"] if campaign else 0
    check_credits(world, CALLS, [{"inbound": False} for recipient in found if recipient.valid])
    actions = [
        create(world, CALLS, recipient, campaignId=campaign_id, **call)
        for recipient, call in zip(found, calls, strict=True)
    ]
    dispatch(world, CALLS, actions)
    return actions


def check_sounds(world: World, says: dict[str, Any]) -> None:
    """Raise BadRequestError if a sound id does not exist."""
    for name, value in says.items():
        if name.endswith("SoundId") and world["sounds"].get(value) is None:
            raise BadRequestError(f"{name}: there is no sound with id {value}.")


def caller_id(world: World, given: str | None, campaign: Record | None = None) -> str:
    """Return the number that the called person sees.

    Raises ForbiddenError if the number is neither a verified caller ID nor leased.
    """
    verified = [entry["phoneNumber"] for entry in world["caller_ids"] if entry["_"]["verified"]]
    number = from_number(given or (campaign or {}).get("fromNumber"), verified[0] if verified else "")
    if number not in verified and not world["number_leases"].where(number=number):
        raise ForbiddenError("fromNumber: the caller id is not verified. Use a verified caller id or a leased number.")
    return number


def receive(world: World, *, caller: str, to: str, recording_seconds: int = 0, **more: Any) -> Record:
    """Store an inbound call that is already over, with a recording if `recording_seconds` is not 0."""
    created = more.pop("created", None) or world.time()
    result = more.pop("result", None) or "LA"
    call: Record = {
        "fromNumber": caller,
        "toNumber": to,
        "state": "FINISHED",
        "campaignId": 0,
        "inbound": True,
        "created": created,
        "modified": created,
        **{name: value for name, value in more.items() if value is not None},
        "_": {"hidden": world.switches.visible_after > 0},
    }
    world["calls"].add(call)
    appear_later(world, CALLS, [call["id"]])
    recordings = [record_call(world, call, recording_seconds)] if recording_seconds else []
    end(world, CALLS, call, result, more={"recordings": recordings} if recordings else {})
    return call


def record_call(world: World, call: Record, seconds: int) -> Record:
    """Add a recording of a call."""
    data = audio.mp3(seconds)
    number = world.new_id()
    world.keep_file(number, data)
    return world["recordings"].add(
        {
            "id": number,
            "callId": call["id"],
            "campaignId": call["campaignId"],
            "name": f"recording-{len(world['recordings']) + 1}",
            "created": world.time(),
            "lengthInBytes": len(data),
            "lengthInSeconds": seconds,
            "hash": hashlib.sha256(f"{number}".encode()).hexdigest()[:32],
            "mp3Url": f"{world.base_url}/calls/recordings/{number}.mp3",
            "state": "READY",
        }
    )
