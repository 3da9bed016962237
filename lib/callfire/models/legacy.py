"""What CallFire's API 1.1 takes for SendCall; its names differ from those of API 2."""

from lib.callfire.operation.fields import Field, Model, integer, model, phone_as_given, string_map, text, texts

_VOICES = ("MALE1", "FEMALE1", "FEMALE2", "SPANISH1")
_DIGIT = "0 to 9, # or *"
_CONFIG = (
    phone_as_given("fromNumber", "Number to show as the caller, 11 digits, e.g. 12132000384."),
    model("localTimeZoneRestriction", "LocalTimeZoneRestrictionV1", "Hours in which recipients may be called."),
    model("retryConfig", "RetryConfigV1", "When to call recipients again who were not reached."),
)


def _sound(kind: str, when: str) -> tuple[Field, ...]:
    return (
        text(f"{kind}SoundText", f"Text to speak {when}; in place of a sound."),
        integer(f"{kind}SoundId", f"Sound to play {when}; in place of a text."),
        text(f"{kind}SoundTextVoice", f"Voice that speaks the text {when}.", choices=_VOICES),
    )


TO_NUMBER = Model(
    "ToNumberV1",
    "Who is called, with values of your own.",
    (
        text("number", "Number to call, 11 digits, e.g. 12132000384.", required=True),
        text("clientData", "A text of your own that comes back with the call."),
        string_map("attributes", "More values of your own by name; names may have letters, digits, - and _."),
    ),
)
LOCAL_TIME_ZONE_RESTRICTION = Model(
    "LocalTimeZoneRestrictionV1",
    "Hours in which recipients may be called, in the time of where their number belongs.",
    (
        text("beginTime", "From this time of day, e.g. 09:00:00."),
        text("endTime", "Until this time of day, e.g. 18:30:00."),
    ),
)
RETRY_CONFIG = Model(
    "RetryConfigV1",
    "When to call a recipient again who was not reached.",
    (
        integer("maxAttempts", "How often to call in all. CallFire's default is 1: no second call."),
        integer("minutesBetweenAttempts", "Minutes to wait in between. CallFire's default is 60."),
        texts("retryResults", "Results after which to call again, e.g. BUSY, NO_ANS.", required=True),
        texts(
            "retryPhoneTypes",
            "Numbers of a contact to call, in this order.",
            choices=("FIRST_NUMBER", "HOME_PHONE", "WORK_PHONE", "MOBILE_PHONE"),
        ),
    ),
)
VOICE_CONFIG = Model(
    "VoiceBroadcastConfigV1",
    "What recipients hear, and which keys they may press.",
    (
        *_CONFIG,
        text(
            "answeringMachineConfig",
            "What to do with answering machines: AM_ONLY (talk to machines only), AM_AND_LIVE (to both), LIVE_WITH_AMD "
            "(hang up on machines), LIVE_IMMEDIATE (do not look).",
            choices=("AM_ONLY", "AM_AND_LIVE", "LIVE_WITH_AMD", "LIVE_IMMEDIATE"),
        ),
        *_sound("live", "when a person answers"),
        *_sound("machine", "when an answering machine answers"),
        *_sound("transfer", "before the call is put through"),
        text("transferDigit", f"Key the recipient presses to be put through: {_DIGIT}."),
        phone_as_given("transferNumber", "Number to put calls through to, 11 digits."),
        *_sound("dnc", "to those who ask not to be called again"),
        text("dncDigit", f"Key the recipient presses not to be called again: {_DIGIT}."),
        integer("maxActiveTransfers", "How many calls may be put through at the same time."),
    ),
)
IVR_CONFIG = Model(
    "IvrBroadcastConfigV1",
    "The dialplan recipients go through.",
    (*_CONFIG, text("dialplanXml", "IVR dialplan as XML.", required=True)),
)

MODELS = (TO_NUMBER, LOCAL_TIME_ZONE_RESTRICTION, RETRY_CONFIG, VOICE_CONFIG, IVR_CONFIG)
