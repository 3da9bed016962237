"""Models of SendCall in CallFire's API 1.1. Their names differ from those of API 2."""

from lib.callfire.operation.fields import Field, Model, integer, model, phone_as_given, string_map, text, texts

_VOICES = ("MALE1", "FEMALE1", "FEMALE2", "SPANISH1")
_DIGIT = "0 to 9, # or *"
_CONFIG = (
    phone_as_given("fromNumber", "Caller ID to show, 11 digits, e.g. 12132000384."),
    model("localTimeZoneRestriction", "LocalTimeZoneRestrictionV1", "Hours in which CallFire may call recipients."),
    model("retryConfig", "RetryConfigV1", "Retries for recipients that were not reached."),
)


def _sound(kind: str, occasion: str) -> tuple[Field, ...]:
    """Return text, sound and voice for an occasion, e.g. `live` for "a live answer"."""
    return (
        text(f"{kind}SoundText", f"Text-to-speech message for {occasion}, instead of a sound."),
        integer(f"{kind}SoundId", f"Sound for {occasion}, instead of a text."),
        text(f"{kind}SoundTextVoice", f"Text-to-speech voice for {occasion}.", choices=_VOICES),
    )


TO_NUMBER = Model(
    "ToNumberV1",
    "A recipient of a call, with custom values.",
    (
        text("number", "Number to call, 11 digits, e.g. 12132000384.", required=True),
        text("clientData", "Custom text that CallFire returns with the call."),
        string_map("attributes", "Custom values. Names contain letters, digits, - and _."),
    ),
)
LOCAL_TIME_ZONE_RESTRICTION = Model(
    "LocalTimeZoneRestrictionV1",
    "Hours in which CallFire may call recipients, in the local time of their number.",
    (
        text("beginTime", "Start of the hours, e.g. 09:00:00."),
        text("endTime", "End of the hours, e.g. 18:30:00."),
    ),
)
RETRY_CONFIG = Model(
    "RetryConfigV1",
    "Retries for recipients that were not reached.",
    (
        integer("maxAttempts", "Total number of attempts. Default: 1 (no retry).", default=1),
        integer("minutesBetweenAttempts", "Minutes between two attempts. Default: 60.", default=60),
        texts("retryResults", "Results that cause a retry, e.g. BUSY, NO_ANS.", required=True),
        texts(
            "retryPhoneTypes",
            "Numbers of a contact to call, in this order.",
            choices=("FIRST_NUMBER", "HOME_PHONE", "WORK_PHONE", "MOBILE_PHONE"),
        ),
    ),
)
VOICE_CONFIG = Model(
    "VoiceBroadcastConfigV1",
    "Sounds of a call broadcast, and the keys that recipients may press.",
    (
        *_CONFIG,
        text(
            "answeringMachineConfig",
            "Answering machine detection (AMD): AM_ONLY (machines only), AM_AND_LIVE (both), LIVE_WITH_AMD (hang up on "
            "machines) or LIVE_IMMEDIATE (no detection).",
            choices=("AM_ONLY", "AM_AND_LIVE", "LIVE_WITH_AMD", "LIVE_IMMEDIATE"),
        ),
        *_sound("live", "a live answer"),
        *_sound("machine", "an answering machine"),
        *_sound("transfer", "a call transfer"),
        text("transferDigit", f"Key that transfers the call: {_DIGIT}."),
        phone_as_given("transferNumber", "Number to transfer calls to, 11 digits."),
        *_sound("dnc", "recipients who opt out"),
        text("dncDigit", f"Key with which recipients opt out of further calls: {_DIGIT}."),
        integer("maxActiveTransfers", "Maximum number of transferred calls at the same time."),
    ),
)
IVR_CONFIG = Model(
    "IvrBroadcastConfigV1",
    "The IVR dialplan of a call broadcast.",
    (*_CONFIG, text("dialplanXml", "IVR dialplan as XML.", required=True)),
)

MODELS = (TO_NUMBER, LOCAL_TIME_ZONE_RESTRICTION, RETRY_CONFIG, VOICE_CONFIG, IVR_CONFIG)
