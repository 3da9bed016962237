"""Sounds of calls (`/campaigns/sounds`) and batches by id (`/campaigns/batches`)."""

from callfire_sandbox.api.models.broadcasts import BATCH
from callfire_sandbox.api.models.media import CALL_CREATE_SOUND, CAMPAIGN_SOUND, TEXT_TO_SPEECH
from callfire_sandbox.api.operation import FIELDS, Content, Page, Parameter, Request, operation, paging
from callfire_sandbox.api.resources import Resource, contains, words
from callfire_sandbox.api.schema import BOOLEAN, FILE, STRING, page_of
from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world import audio
from callfire_sandbox.world.batches import need_batch, refresh_batch
from callfire_sandbox.world.broadcasting import BROADCAST_TYPES, continue_broadcast
from callfire_sandbox.world.phone_numbers import normal
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.scheduler import task
from callfire_sandbox.world.state import World
from callfire_sandbox.world.uploads import add_sound


def _listed(sound: Record) -> bool:
    """Return False for the sounds that text-to-speech made for a broadcast."""
    return bool(sound["_"].get("listed", True))


SOUNDS = Resource("sounds", "sound", CAMPAIGN_SOUND, listed=_listed)
SOUNDS.get("getCampaignSound", "GET /campaigns/sounds/{id}", "Find a specific sound")
NAME = contains("filter", "name")
STATUS = words("status", "status")
INCLUDED = {
    "includeArchived": ("ARCHIVED",),
    "includePending": ("UPLOAD", "RECORDING"),
    "includeScrubbed": ("SCRUBBED",),
}


@operation(
    "findCampaignSounds",
    "GET /campaigns/sounds",
    *paging(),
    NAME.parameter,
    *(Parameter(name, BOOLEAN) for name in INCLUDED),
    FIELDS,
    returns=page_of(CAMPAIGN_SOUND),
)
def find_campaign_sounds(request: Request) -> Page:
    """Find sounds"""
    statuses = ["ACTIVE", "ACTIVE_SYSTEM"]
    for name, included in INCLUDED.items():
        statuses += included if request.query[name] else ()
    return SOUNDS.page(request, (NAME,), fixed=((STATUS, ",".join(statuses)),))


@operation(
    "postFileCampaignSound",
    "POST /campaigns/sounds/files",
    FIELDS,
    form=(Parameter("file", FILE, required=True), Parameter("name", STRING)),
    returns=CAMPAIGN_SOUND,
)
def post_file_campaign_sound(request: Request) -> Record:
    """Add sound via file"""
    upload = request.files["file"]
    return add_sound(request.world, request.body["name"] or upload.filename, upload.data)


@operation("postTTSCampaignSound", "POST /campaigns/sounds/tts", FIELDS, body=TEXT_TO_SPEECH, returns=CAMPAIGN_SOUND)
def post_tts_campaign_sound(request: Request) -> Record:
    """Add sound via text-to-speech"""
    message = request.body.get("message")
    if not message:
        raise BadRequestError("message: is required.")
    if len(message) > audio.MAX_SPEECH:
        raise BadRequestError(f"message: must not be longer than {audio.MAX_SPEECH} characters.")
    return add_sound(request.world, message[:50], audio.wav(audio.spoken_seconds(message)))


@operation(
    "postCallCampaignSound", "POST /campaigns/sounds/calls", FIELDS, body=CALL_CREATE_SOUND, returns=CAMPAIGN_SOUND
)
def post_call_campaign_sound(request: Request) -> Record:
    """Add sound via call"""
    world = request.world
    if normal(request.body.get("toNumber", "")) is None:
        raise BadRequestError("toNumber: this is not a phone number. Use 11 digits.")
    sound = add_sound(world, request.body.get("name", "Recorded sound"), audio.wav(3), status="RECORDING")
    world.later(world.switches.call_takes, finish_recording, number=sound["id"])
    return sound


@task
def finish_recording(world: World, number: int) -> None:
    """Activate a sound that was recorded by phone."""
    if sound := world["sounds"].get(number):
        world["sounds"].change(sound, status="ACTIVE")


@operation("deleteCampaignSound", "DELETE /campaigns/sounds/{id}")
def delete_campaign_sound(request: Request) -> None:
    """Delete a specific sound"""
    request.world["sounds"].change(SOUNDS.need(request), status="ARCHIVED")


@operation("getCampaignSoundDataMp3", "GET /campaigns/sounds/{id}.mp3", returns=FILE, produces=("audio/mpeg",))
def get_campaign_sound_data_mp3(request: Request) -> Content:
    """Download a MP3 sound"""
    sound = SOUNDS.need(request)
    data = request.world.files[sound["id"]]
    return Content(audio.mp3(sound["lengthInSeconds"]) if data[:4] == b"RIFF" else data, "audio/mpeg")


@operation("getCampaignSoundDataWav", "GET /campaigns/sounds/{id}.wav", returns=FILE, produces=("audio/wav",))
def get_campaign_sound_data_wav(request: Request) -> Content:
    """Download a WAV sound"""
    sound = SOUNDS.need(request)
    data = request.world.files[sound["id"]]
    return Content(data if data[:4] == b"RIFF" else audio.wav(sound["lengthInSeconds"]), "audio/wav")


@operation("getCampaignBatch", "GET /campaigns/batches/{id}", FIELDS, returns=BATCH)
def get_campaign_batch(request: Request) -> Record:
    """Find a specific batch"""
    return refresh_batch(request.world, need_batch(request.world, request.path["id"]))


@operation("updateCampaignBatch", "PUT /campaigns/batches/{id}", body=BATCH)
def update_campaign_batch(request: Request) -> None:
    """Update a batch"""
    world, batch = request.world, need_batch(request.world, request.path["id"])
    world["batches"].change(batch, enabled=request.body.get("enabled", batch["enabled"]))
    for broadcast_type in BROADCAST_TYPES.values():
        if broadcast := world[broadcast_type.table].get(batch["broadcastId"]):
            continue_broadcast(world, broadcast_type, broadcast)
