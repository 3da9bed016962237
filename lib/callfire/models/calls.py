"""Calls, call broadcasts and recordings."""

from lib.callfire.models.values import BROADCAST_STATUSES, CALL_RESULTS, STATES, VOICES
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
    texts,
)

_ID_OR_TEXT = "Leave it empty to have a text spoken instead."

CALL = Model(
    "Call",
    "One call, made or received.",
    (
        integer("id", "CallFire's id of the call."),
        text("fromNumber", "Number it came from, 11 digits, e.g. 12132000384."),
        text("toNumber", "Number it went to, 11 digits."),
        boolean("inbound", "true: received by you; false: made by you."),
        text("state", "How far it is: FINISHED is the end, READY and SELECTED wait.", choices=STATES, answered=True),
        text(
            "finalCallResult",
            "How it ended: LA (live answer), AM (answering machine), BUSY, NO_ANS (no answer), XFER (transferred), DNC "
            "(on a do-not-contact list), or what went wrong.",
            choices=CALL_RESULTS,
            answered=True,
            label="Final result",
        ),
        integer("campaignId", "Broadcast it belongs to.", answered=True),
        integer("batchId", "Batch of recipients it belongs to.", answered=True),
        model("contact", "Contact", "The contact on the other side."),
        string_map("attributes", "Your own values, as given with the recipient."),
        texts("labels", "Labels it carries."),
        models("notes", "Note", "Notes that were made on it."),
        models("records", "CallRecord", "Each attempt to reach the recipient.", answered=True),
        boolean("agentCall", "true: made by an agent.", answered=True),
        moment("created", "When CallFire took it on, in Unix milliseconds.", answered=True),
        moment("modified", "When it last changed, in Unix milliseconds.", answered=True),
    ),
)
NOTE = Model(
    "Note",
    "A note on a call.",
    (text("text", "What it says."), moment("created", "When it was made, in Unix milliseconds.")),
)
CALL_RECORD = Model(
    "CallRecord",
    "One attempt to reach the recipient of a call.",
    (
        integer("id", "CallFire's id of the attempt."),
        text("result", "How the attempt ended.", choices=CALL_RESULTS, answered=True),
        text("callResult", "How the attempt ended, as older answers name it.", answered=True),
        text("toNumber", "Number that was called.", answered=True),
        text("callerName", "Name the carrier gave for the other side.", answered=True),
        moment("originateTime", "When it was started, in Unix milliseconds.", answered=True),
        moment("answerTime", "When it was answered, in Unix milliseconds.", answered=True),
        moment("finishTime", "When it ended, in Unix milliseconds.", answered=True),
        integer("duration", "How long it lasted, in seconds.", answered=True),
        number("billedAmount", "Credits it cost.", answered=True),
        models("questionResponses", "QuestionResponse", "Answers given to the questions of a dialplan."),
        models("recordings", "CallRecording", "Recordings made during it."),
        models("notes", "Note", "Notes that were made on it."),
        texts("labels", "Labels the attempt carries.", answered=True),
        text("switchId", "The carrier's switch that took it.", answered=True),
    ),
)
QUESTION_RESPONSE = Model(
    "QuestionResponse",
    "What was answered to one question of a dialplan.",
    (text("question", "The question."), text("response", "The answer.")),
)
CALL_RECORDING = Model(
    "CallRecording",
    "A recording made during a call.",
    (
        integer("id", "CallFire's id of the recording."),
        text("name", "Its name, by which a dialplan stores it."),
        text("mp3Url", "Address of the MP3; it needs CallFire's credentials.", label="MP3 URL"),
        integer("lengthInSeconds", "Its length in seconds."),
        integer("lengthInBytes", "Its size in bytes."),
        text("state", "READY once it can be fetched.", choices=("RECORDING", "READY", "ERROR")),
        integer("callId", "Call it was made in."),
        integer("campaignId", "Broadcast the call belongs to."),
        text("hash", "Fingerprint of its content."),
        moment("created", "When it was made, in Unix milliseconds."),
    ),
)

CALL_RECIPIENT = Model(
    "CallRecipient",
    "Who is called, and what only this recipient hears.",
    (
        phone_as_given("phoneNumber", "Number to call, 11 digits, e.g. 12132000384. Give this or a contact ID."),
        integer("contactId", "Contact to call, instead of a phone number."),
        phone_as_given("fromNumber", "Number to show as the caller: one of yours, or a verified caller ID; 11 digits."),
        text("liveMessage", "Text to speak when a person answers."),
        integer("liveMessageSoundId", f"Sound to play when a person answers. {_ID_OR_TEXT}"),
        text("machineMessage", "Text to speak when an answering machine answers."),
        integer("machineMessageSoundId", f"Sound to play when an answering machine answers. {_ID_OR_TEXT}"),
        text("transferMessage", "Text to speak before the call is put through."),
        integer("transferMessageSoundId", f"Sound to play before the call is put through. {_ID_OR_TEXT}"),
        phone_as_given("transferNumber", "Number to put the call through to, 11 digits."),
        text("transferDigit", "Key the recipient presses to be put through, e.g. 1."),
        text("voice", "Voice that speaks the texts.", choices=VOICES),
        text("dialplanXml", "IVR dialplan for this call, in place of messages."),
        string_map("attributes", "Values of your own, e.g. an order number: they come back on the call."),
    ),
    one_of=("phoneNumber", "contactId"),
)


def _sound(kind: str, when: str) -> tuple[Field, ...]:
    return (
        text(f"{kind}SoundText", f"Text to speak {when}."),
        text(f"{kind}SoundTextVoice", f"Voice that speaks the text {when}.", choices=VOICES),
        integer(f"{kind}SoundId", f"Sound to play {when}. {_ID_OR_TEXT}"),
    )


CALL_BROADCAST_SOUNDS = Model(
    "CallBroadcastSounds",
    "What recipients hear, and which keys they may press.",
    (
        *_sound("live", "when a person answers"),
        *_sound("machine", "when an answering machine answers"),
        *_sound("transfer", "before the call is put through"),
        text("transferDigit", "Key the recipient presses to be put through, e.g. 1."),
        phone_as_given("transferNumber", "Number to put calls through to, 11 digits."),
        *_sound("dnc", "to those who ask not to be called again"),
        text("dncDigit", "Key the recipient presses not to be called again, e.g. 9."),
    ),
)
CALL_BROADCAST = Model(
    "CallBroadcast",
    "A campaign that calls many recipients: either with sounds, or with an IVR dialplan.",
    (
        text("name", "Name of the broadcast, for you to find it again."),
        phone_as_given("fromNumber", "Number to show as the caller: one of yours, or a verified caller ID; 11 digits."),
        model("sounds", "CallBroadcastSounds", "What recipients hear. Leave it out where a dialplan is given."),
        text("dialplanXml", "IVR dialplan, in place of sounds."),
        models("recipients", "Recipient", "Who is called. More can be added later."),
        text(
            "answeringMachineConfig",
            "What to do with answering machines: AM_ONLY (talk to machines only), AM_AND_LIVE (to both, CallFire's "
            "default), LIVE_WITH_AMD (hang up on machines), LIVE_IMMEDIATE (do not look).",
            choices=("AM_ONLY", "AM_AND_LIVE", "LIVE_WITH_AMD", "LIVE_IMMEDIATE"),
        ),
        model("retryConfig", "RetryConfig", "When to call recipients again who were not reached."),
        models("schedules", "Schedule", "When the broadcast runs; without it, it runs when it is started."),
        model(
            "localTimeRestriction", "LocalTimeRestriction", "Hours in which recipients may be called, in their time."
        ),
        integer("maxActive", "How many calls may be under way at the same time."),
        integer("maxActiveTransfers", "How many calls may be put through at the same time."),
        boolean("resumeNextDay", "true: go on the next day with recipients who were left over."),
        texts("labels", "Labels to find the broadcast by."),
        integer("id", "CallFire's id of the broadcast.", answered=True),
        text("status", "Where the broadcast stands.", choices=BROADCAST_STATUSES, answered=True),
        moment("lastModified", "When it last changed, in Unix milliseconds.", answered=True),
    ),
)
CALL_BROADCAST_STATS = Model(
    "CallBroadcastStats",
    "Figures of a call broadcast.",
    (
        integer("totalOutboundCount", "Calls to make in all."),
        integer("remainingOutboundCount", "Calls still to be made."),
        integer("totalCount", "Calls of all kinds."),
        integer("callsAttempted", "Calls that were tried."),
        integer("callsPlaced", "Calls that went out."),
        integer("callsRemaining", "Calls still to be tried."),
        integer("callsAwaitingRedial", "Recipients waiting for another try."),
        integer("callsLiveAnswer", "Calls a person answered."),
        integer("callsDuration", "Length of all calls together, in seconds."),
        integer("billedDuration", "Length that was billed, in seconds."),
        number("billedAmount", "Credits used so far."),
        integer("dialedCount", "Numbers dialed."),
        integer("liveCount", "Answers by a person."),
        integer("answeringMachineCount", "Answers by a machine."),
        integer("transferCount", "Calls put through."),
        integer("busyCount", "Busy lines."),
        integer("noAnswerCount", "Calls nobody answered."),
        integer("doNotCallCount", "Recipients who asked not to be called, or are on a do-not-contact list."),
        integer("errorCount", "Calls that failed."),
        integer("miscCount", "Calls that ended in another way.", label="Other count"),
        integer("responseRatePercent", "Share of recipients who responded, in percent."),
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
