"""Single calls and their recordings (`/calls`, `/calls/recordings`)."""

from typing import Any

from callfire_sandbox.api.models.enums import VOICE
from callfire_sandbox.api.models.messages import CALL, CALL_RECIPIENT, CALL_RECORDING
from callfire_sandbox.api.operation import FIELDS, STRICT, Content, Parameter, Request, operation
from callfire_sandbox.api.resources import Resource, flag, words
from callfire_sandbox.api.schema import FILE, LONG, STRING, items_of, list_of
from callfire_sandbox.errors import BadRequestError, NotFoundError
from callfire_sandbox.operations.texts import ACTION_FILTERS, visible
from callfire_sandbox.world.calling import send
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.table import public

MP3 = "audio/mpeg"

CALLS = Resource("calls", "call", CALL, listed=visible, order=None, interval_field=None)
CALLS.find(
    "findCalls",
    "GET /calls",
    "Find calls",
    *ACTION_FILTERS,
    words("results", "finalCallResult"),
    flag("inbound"),
    by_time=True,
)
CALLS.get("getCall", "GET /calls/{id}", "Find a specific call")

RECORDINGS = Resource("recordings", "recording", CALL_RECORDING)
RECORDINGS.get("getCallRecording", "GET /calls/recordings/{id}", "Get call recording by id")


@operation(
    "sendCalls",
    "POST /calls",
    FIELDS,
    Parameter("campaignId", LONG),
    Parameter("defaultLiveMessage", STRING),
    Parameter("defaultMachineMessage", STRING),
    Parameter("defaultLiveMessageSoundId", LONG),
    Parameter("defaultMachineMessageSoundId", LONG),
    Parameter("defaultVoice", VOICE),
    STRICT,
    body=list_of(CALL_RECIPIENT),
    returns=items_of(CALL),
)
def send_calls(request: Request) -> Record:
    """Send calls"""
    world, query = request.world, request.query
    if not request.body:
        raise BadRequestError("The body must contain at least one recipient.")
    number = query["campaignId"]
    campaign = world.need("call_broadcasts", number, "call broadcast") if number else None
    defaults: dict[str, Any] = {
        "liveMessage": query["defaultLiveMessage"],
        "machineMessage": query["defaultMachineMessage"],
        "liveMessageSoundId": query["defaultLiveMessageSoundId"],
        "machineMessageSoundId": query["defaultMachineMessageSoundId"],
    }
    given = {name: value for name, value in defaults.items() if value is not None}
    calls = send(world, request.body, campaign=campaign, defaults=given, strict=query["strictValidation"])
    return {"items": [public(call) for call in calls]}


@operation("getCallRecordings", "GET /calls/{id}/recordings", FIELDS, returns=items_of(CALL_RECORDING))
def get_call_recordings(request: Request) -> Record:
    """Get call recordings for a call"""
    call = CALLS.need(request)
    return {"items": request.world["recordings"].where(callId=call["id"])}


@operation("getCallRecordingByName", "GET /calls/{id}/recordings/{name}", FIELDS, returns=CALL_RECORDING)
def get_call_recording_by_name(request: Request) -> Record:
    """Get call recording by name"""
    return _named(request)


def _named(request: Request) -> Record:
    recording = request.world["recordings"].first(callId=request.path["id"], name=request.path["name"])
    if recording is None:
        raise NotFoundError("This call has no recording with that name.")
    return recording


@operation("getCallRecordingMp3", "GET /calls/recordings/{id}.mp3", returns=FILE, produces=(MP3,))
def get_call_recording_mp3(request: Request) -> Content:
    """Get call recording in mp3 format"""
    return _mp3(request, RECORDINGS.need(request))


def _mp3(request: Request, recording: Record) -> Content:
    if recording["state"] != "READY":
        raise NotFoundError("The recording is not ready yet.")
    return Content(request.world.files[recording["id"]], MP3)


@operation("getCallRecordingMp3ByName", "GET /calls/{id}/recordings/{name}.mp3", returns=FILE, produces=(MP3,))
def get_call_recording_mp3_by_name(request: Request) -> Content:
    """Get call mp3 recording by name"""
    return _mp3(request, _named(request))
