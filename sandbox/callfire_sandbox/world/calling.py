"""Calls: placing, receiving and recordings."""

import hashlib
from typing import Any

from callfire_sandbox.errors import BadRequestError, ForbiddenError
from callfire_sandbox.world import audio
from callfire_sandbox.world.actions import ACTION_TYPES, ActionType, add_inbound, check_credits, create, dispatch, end
from callfire_sandbox.world.billing import CALL_MINUTE_COST
from callfire_sandbox.world.broadcast_content import check_sounds
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.recipients import from_number, refuse_too_many, resolve_recipients
from callfire_sandbox.world.scheduler import task
from callfire_sandbox.world.state import World

MAX_RECIPIENTS = 10
ANSWERED = ("LA", "AM", "XFER")
RINGING = 6
"""The part of a call, as 1/6, in which the number rings."""
MESSAGES = ("liveMessage", "liveMessageSoundId", "machineMessage", "machineMessageSoundId", "dialplanXml")


def cost(call: Record) -> float:
    """Return the credits for a call: one per started minute, nothing for an inbound call."""
    return 0.0 if call["inbound"] else CALL_MINUTE_COST


def _finish(world: World, call: Record, result: str) -> dict[str, Any]:
    """Return times that follow one another: created, originated, answered, finished."""
    now = world.time()
    begin = max(call["created"], world.shown_time(call["_"].get("sent", call["created"])))
    if result not in ANSWERED:
        return {"originateTime": begin, "duration": 0, "switchId": "sandbox"}
    answer = begin + world.shown_time((now - begin) // RINGING)
    seconds = -(-(now - answer) // 1000)
    return {"originateTime": begin, "answerTime": answer, "duration": seconds, "switchId": "sandbox"}


def _results(world: World, result: str) -> Record:
    name = world.switches.call_result_name
    return {"result": result, "callResult": result} if name == "both" else {name: result}


def _takes(world: World) -> int:
    return world.switches.call_takes


CALLS = ACTION_TYPES["calls"] = ActionType(
    table="calls",
    result="finalCallResult",
    record_results=_results,
    extras={"agentCall": False},
    payload_defaults={"labels": []},
    resource="Call",
    dnc="DNC",
    dnc_out="call",
    dnc_universal="outboundCall",
    default_result="LA",
    cost=cost,
    finish=_finish,
    takes=_takes,
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
    refuse_too_many(recipients, MAX_RECIPIENTS)
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
    batch = world.new_id()
    actions = [
        create(world, CALLS, recipient, campaignId=campaign_id, batchId=batch, **call)
        for recipient, call in zip(found, calls, strict=True)
    ]
    dispatch(world, CALLS, actions)
    return actions


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
    """Store an inbound call that is already over, with a recording if `recording_seconds` is not 0.

    Without `created` the call began so long ago that it is over now.
    """
    created = more.pop("created", None) or world.time() - recording_seconds * 1000
    result = more.pop("result", None) or "LA"
    call = add_inbound(world, CALLS, caller=caller, to=to, created=created, **more)
    times: Record = {"finishTime": created + recording_seconds * 1000, "duration": recording_seconds}
    if result in ANSWERED:
        times["answerTime"] = created
    if recording_seconds:
        recording = record_call(world, call, recording_seconds)
        times |= {"recordings": [recording]} if world.switches.recordings_in_calls else {}
    end(world, CALLS, call, result, more=times)
    return call


def record_call(world: World, call: Record, seconds: int) -> Record:
    """Add a recording of a call."""
    data = audio.mp3(seconds)
    number = world.new_id()
    world.keep_file(number, data)
    takes = world.switches.recording_takes
    if takes:
        world.later(takes, recording_ready, number=number)
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
            "state": "RECORDING" if takes else "READY",
        }
    )


@task
def recording_ready(world: World, number: int) -> None:
    """Make a recording available, also in the record of its call."""
    recording = world["recordings"].get(number)
    call = world["calls"].get(recording["callId"]) if recording else None
    if recording is None or call is None:
        return
    world["recordings"].change(recording, state="READY")
    records = [
        {**record, "recordings": [recording if one["id"] == number else one for one in record["recordings"]]}
        if "recordings" in record
        else record
        for record in call["records"]
    ]
    world["calls"].change(call, records=records, modified=world.time())
    world.feed.tell("calls", call)
