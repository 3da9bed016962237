"""Media of texts, and sounds of calls."""

from callfire_sandbox.api.models.enums import VOICE
from callfire_sandbox.api.schema import BOOLEAN, INT, LONG, STRING, TIME, about, model, one_of, read_only

MEDIA = model(
    "Media",
    "A media file of a text.",
    accountId=about(LONG, "Id of the account."),
    created=about(TIME, "Time of the upload."),
    id=about(LONG, "Id of the media."),
    lengthInBytes=about(LONG, "Size in bytes."),
    mediaType=about(STRING, "Content type, for example image/png."),
    name=about(STRING, "Name of the media."),
    publicUrl=about(STRING, "URL from which the file can be downloaded without a login."),
)
CAMPAIGN_SOUND = model(
    "CampaignSound",
    "A sound for calls.",
    created=read_only(about(TIME, "Time at which the sound was created.")),
    duplicate=read_only(about(BOOLEAN, "Whether the account already has a sound with the same content.")),
    id=about(LONG, "Id of the sound."),
    lengthInSeconds=read_only(about(INT, "Length in seconds.")),
    name=about(STRING, "Name of the sound."),
    status=read_only(
        about(
            one_of("UPLOAD", "RECORDING", "ACTIVE", "ACTIVE_SYSTEM", "FAILED", "ARCHIVED", "SCRUBBED"),
            "Status of the sound. Deleted sounds are ARCHIVED.",
        )
    ),
)
CALL_CREATE_SOUND = model(
    "CallCreateSound",
    "A sound that is recorded by phone.",
    name=about(STRING, "Name of the sound."),
    toNumber=about(STRING, "Number that CallFire calls for the recording."),
)
TEXT_TO_SPEECH = model(
    "TextToSpeech",
    "A sound that text-to-speech makes.",
    message=about(STRING, "The text."),
    voice=about(VOICE, "The voice."),
)
