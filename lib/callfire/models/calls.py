"""Calls, call broadcasts and recordings."""

from lib.callfire.models.shared_fields import (
    ATTRIBUTES,
    attempt_of,
    broadcast_status,
    numbers_of,
    progress_of,
    recipient_of,
    schedule_of,
    times_of,
)
from lib.callfire.models.values import CALL_RESULTS, VOICES
from lib.callfire.operation.fields import (
    Field,
    Model,
    boolean,
    integer,
    model,
    models,
    moment,
    number,
    phone_as_given,
    string_map,
    text,
)

_FROM_NUMBER = phone_as_given(
    "fromNumber",
    "Caller ID to show: a leased number or a verified caller ID, 11 digits.",
    label="From Number (caller ID)",
)
_TRANSFER_KEY = "Key that transfers the call, e.g. 1."

CALL = Model(
    "Call",
    "A call, outbound or inbound.",
    (
        *numbers_of("call", form="11 digits"),
        *progress_of(
            "call",
            "finalCallResult",
            "Result: LA (live answer), AM (answering machine), BUSY, NO_ANS (no answer), XFER (transferred), DNC (on "
            "a do-not-contact list), or the kind of failure.",
            CALL_RESULTS,
        ),
        models("notes", "Note", "Notes about the call."),
        models("records", "CallRecord", "Attempts to reach the recipient.", answered=True),
        boolean("agentCall", "true: the call was made by an agent.", answered=True),
        *times_of("call"),
    ),
)
NOTE = Model(
    "Note",
    "A note about a call.",
    (text("text", "Content of the note."), moment("created", "Time of creation, in Unix milliseconds.")),
)
CALL_RECORD = Model(
    "CallRecord",
    "An attempt to reach the recipient of a call.",
    (
        integer("id", "ID of the attempt."),
        text("result", "Result of the attempt.", choices=CALL_RESULTS, answered=True),
        text("callResult", "Result of the attempt, under its older name.", answered=True),
        *attempt_of(),
        moment("originateTime", "Start of the attempt, in Unix milliseconds.", answered=True),
        moment("answerTime", "Time at which the call was answered, in Unix milliseconds.", answered=True),
        integer("duration", "Duration in seconds.", answered=True),
        models("questionResponses", "QuestionResponse", "Responses to the questions of a dialplan."),
        models("recordings", "CallRecording", "Recordings of the attempt."),
        models("notes", "Note", "Notes about the attempt."),
    ),
)
QUESTION_RESPONSE = Model(
    "QuestionResponse",
    "The response to a question of a dialplan.",
    (text("question", "Name of the question."), text("response", "Response of the recipient.")),
)
CALL_RECORDING = Model(
    "CallRecording",
    "A recording of a call.",
    (
        integer("id", "ID of the recording."),
        text("name", "Name that the dialplan gave to the recording."),
        text("mp3Url", "URL of the MP3 file. CallFire's credentials are required.", label="MP3 URL"),
        integer("lengthInSeconds", "Duration in seconds."),
        integer("lengthInBytes", "Size in bytes."),
        text("state", "READY: the recording can be downloaded.", choices=("RECORDING", "READY", "ERROR")),
        integer("callId", "Call that was recorded."),
        integer("campaignId", "Broadcast of the call."),
        text("hash", "Hash of the content."),
        moment("created", "Time of creation, in Unix milliseconds."),
    ),
)

_TEXT_OR_SOUND = "Map either a sound or a text."
CALL_RECIPIENT = Model(
    "CallRecipient",
    "A recipient of a call, with content for this recipient only.",
    (
        *recipient_of("call", contact="Contact to call."),
        _FROM_NUMBER,
        text("liveMessage", "Text-to-speech message for a live answer."),
        integer("liveMessageSoundId", f"Sound for a live answer. {_TEXT_OR_SOUND}"),
        text("machineMessage", "Text-to-speech message for an answering machine."),
        integer("machineMessageSoundId", f"Sound for an answering machine. {_TEXT_OR_SOUND}"),
        text("transferMessage", "Text-to-speech message before a call transfer."),
        integer("transferMessageSoundId", f"Sound before a call transfer. {_TEXT_OR_SOUND}"),
        phone_as_given("transferNumber", "Number to transfer the call to, 11 digits."),
        text("transferDigit", _TRANSFER_KEY),
        text("voice", "Text-to-speech voice.", choices=VOICES),
        text("dialplanXml", "IVR dialplan for this call, instead of messages."),
        string_map("attributes", ATTRIBUTES.format(noun="call")),
    ),
    one_of=("phoneNumber", "contactId"),
)


def _sound(kind: str, occasion: str) -> tuple[Field, ...]:
    """Return text, voice and sound for an occasion, e.g. `live` for "a live answer"."""
    return (
        text(f"{kind}SoundText", f"Text-to-speech message for {occasion}."),
        text(f"{kind}SoundTextVoice", f"Text-to-speech voice for {occasion}.", choices=VOICES),
        integer(f"{kind}SoundId", f"Sound for {occasion}. {_TEXT_OR_SOUND}"),
    )


CALL_BROADCAST_SOUNDS = Model(
    "CallBroadcastSounds",
    "Sounds of a call broadcast, and the keys that recipients may press.",
    (
        *_sound("live", "a live answer"),
        *_sound("machine", "an answering machine"),
        *_sound("transfer", "a call transfer"),
        text("transferDigit", _TRANSFER_KEY),
        phone_as_given("transferNumber", "Number to transfer calls to, 11 digits."),
        *_sound("dnc", "recipients who opt out"),
        text("dncDigit", "Key with which recipients opt out of further calls, e.g. 9."),
    ),
)
CALL_BROADCAST = Model(
    "CallBroadcast",
    "A broadcast that calls many recipients and plays sounds or an IVR dialplan.",
    (
        text("name", "Name of the broadcast."),
        _FROM_NUMBER,
        model("sounds", "CallBroadcastSounds", "Sounds of the broadcast. Required without a dialplan."),
        text("dialplanXml", "IVR dialplan, instead of sounds."),
        models("recipients", "Recipient", "Recipients. More can be added later."),
        text(
            "answeringMachineConfig",
            "Answering machine detection (AMD): AM_ONLY (machines only), AM_AND_LIVE (both), LIVE_WITH_AMD (hang up on "
            "machines) or LIVE_IMMEDIATE (no detection). Default: AM_AND_LIVE.",
            default="AM_AND_LIVE",
            choices=("AM_ONLY", "AM_AND_LIVE", "LIVE_WITH_AMD", "LIVE_IMMEDIATE"),
        ),
        model("retryConfig", "RetryConfig", "Retries for recipients that were not reached."),
        *schedule_of("call"),
        integer("maxActive", "Maximum number of calls in progress at the same time."),
        integer("maxActiveTransfers", "Maximum number of transferred calls at the same time."),
        *broadcast_status(),
    ),
)
CALL_BROADCAST_STATS = Model(
    "CallBroadcastStats",
    "Statistics of a call broadcast.",
    (
        integer("totalOutboundCount", "Number of calls to make, including those that were made."),
        integer("remainingOutboundCount", "Number of calls that are not made yet."),
        integer("totalCount", "Number of calls of all kinds."),
        integer("callsAttempted", "Number of calls that were attempted."),
        integer("callsPlaced", "Number of calls that were placed."),
        integer("callsRemaining", "Number of calls that are not attempted yet."),
        integer("callsAwaitingRedial", "Number of recipients that wait for a retry."),
        integer("callsLiveAnswer", "Number of calls with a live answer."),
        integer("callsDuration", "Total duration of all calls in seconds."),
        integer("billedDuration", "Billed duration in seconds."),
        number("billedAmount", "Credits charged so far."),
        integer("dialedCount", "Number of dialed numbers."),
        integer("liveCount", "Number of live answers."),
        integer("answeringMachineCount", "Number of calls answered by a machine."),
        integer("transferCount", "Number of transferred calls."),
        integer("busyCount", "Number of calls with a busy line."),
        integer("noAnswerCount", "Number of calls without an answer."),
        integer("doNotCallCount", "Number of recipients that opted out or are on a do-not-contact list (DNC)."),
        integer("errorCount", "Number of calls that failed."),
        integer("miscCount", "Number of calls with another result.", label="Other Count"),
        integer("responseRatePercent", "Share of recipients that responded, in percent."),
    ),
)

MODELS = (
    CALL,
    NOTE,
    CALL_RECORD,
    QUESTION_RESPONSE,
    CALL_RECORDING,
    CALL_RECIPIENT,
    CALL_BROADCAST_SOUNDS,
    CALL_BROADCAST,
    CALL_BROADCAST_STATS,
)
