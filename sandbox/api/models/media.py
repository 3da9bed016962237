"""Media of texts, and sounds of calls."""

from sandbox.api.models.enums import VOICE
from sandbox.api.schema import BOOLEAN, INT, LONG, STRING, TIME, model, one_of, read_only

MEDIA = model(
    "Media", accountId=LONG, created=TIME, id=LONG, lengthInBytes=LONG, mediaType=STRING, name=STRING, publicUrl=STRING
)
CAMPAIGN_SOUND = model(
    "CampaignSound",
    created=read_only(TIME),
    duplicate=read_only(BOOLEAN),
    id=LONG,
    lengthInSeconds=read_only(INT),
    name=STRING,
    status=read_only(one_of("UPLOAD", "RECORDING", "ACTIVE", "ACTIVE_SYSTEM", "FAILED", "ARCHIVED", "SCRUBBED")),
)
CALL_CREATE_SOUND = model("CallCreateSound", name=STRING, toNumber=STRING)
TEXT_TO_SPEECH = model("TextToSpeech", message=STRING, voice=VOICE)
