"""Text and call broadcasts, their batches, schedules and statistics."""

from callfire_sandbox.api.models.enums import BROADCAST_STATUS, VOICE
from callfire_sandbox.api.schema import (
    BOOLEAN,
    DECIMAL,
    INT,
    LONG,
    STRING,
    TIME,
    about,
    list_of,
    model,
    one_of,
    read_only,
    ref,
)

LABELS = about(list_of(STRING, unique=True), "Labels of the broadcast.")
LAST_MODIFIED = read_only(about(TIME, "Time of the last change."))
MAX_ACTIVE = about(INT, "Maximum number of recipients in flight at the same time.")
RESTRICTION = ref("LocalTimeRestriction", "Recipients are contacted only in these hours.")
RESUME = about(BOOLEAN, "Whether the broadcast continues on the next day.")
RETRY = ref("RetryConfig", "How recipients that were not reached are retried.")
SCHEDULES = about(list_of(ref("Schedule")), "When the broadcast runs. Default: from its start on.")
STATUS = read_only(about(BROADCAST_STATUS, "Status of the broadcast."))

model(
    "LocalTimeRestriction",
    "Hours of the recipient's local time in which recipients are contacted.",
    beginHour=about(INT, "Hour from which recipients are contacted, 0 to 23."),
    beginMinute=about(INT, "Minute of that hour, 0 to 59."),
    enabled=about(BOOLEAN, "Whether the restriction applies."),
    endHour=about(INT, "Hour until which recipients are contacted, 0 to 23."),
    endMinute=about(INT, "Minute of that hour, 0 to 59."),
)
model(
    "RetryConfig",
    "How recipients that were not reached are retried.",
    maxAttempts=about(INT, "Maximum number of attempts. Default: 1."),
    minutesBetweenAttempts=about(INT, "Minutes between two attempts. Default: 60."),
    retryPhoneTypes=about(list_of(STRING), "Numbers to try: FIRST_NUMBER, HOME_PHONE, WORK_PHONE, MOBILE_PHONE."),
    retryResults=about(list_of(STRING), "Results after which to retry, for example BUSY."),
)
model(
    "Schedule",
    "A period in which a broadcast runs.",
    campaignId=about(LONG, "Id of the broadcast."),
    daysOfWeek=about(list_of(STRING, unique=True), "Days on which the broadcast runs, for example MONDAY."),
    id=about(LONG, "Id of the schedule."),
    startDate=ref("LocalDate", "First day."),
    startTimeOfDay=ref("LocalTime", "Time of day at which the broadcast starts."),
    stopDate=ref("LocalDate", "Last day."),
    stopTimeOfDay=ref("LocalTime", "Time of day at which the broadcast stops."),
    timeZone=about(STRING, "IANA time zone, for example America/New_York. Default: America/Los_Angeles."),
)
model(
    "CallBroadcastSounds",
    "What a call broadcast plays. A text is converted to speech; a sound id has priority.",
    dncDigit=about(STRING, "Digit with which the called person opts out."),
    dncSoundId=about(LONG, "Id of the sound that explains how to opt out."),
    dncSoundText=about(STRING, "Text that explains how to opt out."),
    dncSoundTextVoice=about(VOICE, "Voice of that text."),
    liveSoundId=about(LONG, "Id of the sound for a live answer."),
    liveSoundText=about(STRING, "Text for a live answer."),
    liveSoundTextVoice=about(VOICE, "Voice of that text."),
    machineSoundId=about(LONG, "Id of the sound for an answering machine."),
    machineSoundText=about(STRING, "Text for an answering machine."),
    machineSoundTextVoice=about(VOICE, "Voice of that text."),
    transferDigit=about(STRING, "Digit that transfers the call."),
    transferNumber=about(STRING, "Number that the call is transferred to."),
    transferSoundId=about(LONG, "Id of the sound that offers the transfer."),
    transferSoundText=about(STRING, "Text that offers the transfer."),
    transferSoundTextVoice=about(VOICE, "Voice of that text."),
)
CALL_BROADCAST = model(
    "CallBroadcast",
    "A broadcast that calls its recipients.",
    answeringMachineConfig=about(
        one_of("AM_ONLY", "AM_AND_LIVE", "LIVE_WITH_AMD", "LIVE_IMMEDIATE"),
        "Whom to play to: answering machines, live answers or both. Default: AM_AND_LIVE.",
    ),
    dialplanXml=about(STRING, "IVR dialplan. Required if there are no sounds."),
    fromNumber=about(STRING, "Caller ID: a verified caller ID or a leased number."),
    id=about(LONG, "Id of the broadcast."),
    labels=LABELS,
    lastModified=LAST_MODIFIED,
    localTimeRestriction=RESTRICTION,
    maxActive=MAX_ACTIVE,
    maxActiveTransfers=about(INT, "Maximum number of transferred calls at the same time."),
    name=about(STRING, "Name of the broadcast."),
    recipients=about(list_of(ref("Recipient")), "Whom to call."),
    resumeNextDay=RESUME,
    retryConfig=RETRY,
    schedules=SCHEDULES,
    sounds=ref("CallBroadcastSounds", "What to play. Required if there is no dialplan."),
    status=STATUS,
)
TEXT_BROADCAST = model(
    "TextBroadcast",
    "A broadcast that sends a text to its recipients.",
    bigMessageStrategy=about(
        one_of("SEND_MULTIPLE", "DO_NOT_SEND", "TRIM", "MMS"),
        "What to do with a message of more than 160 characters. Default: SEND_MULTIPLE.",
    ),
    fromNumber=about(STRING, "Sender: a leased number or a short code. Default: a short code of CallFire."),
    id=about(LONG, "Id of the broadcast."),
    labels=LABELS,
    lastModified=LAST_MODIFIED,
    localTimeRestriction=RESTRICTION,
    maxActive=MAX_ACTIVE,
    media=about(list_of(ref("Media")), "Media of the text, which make it an MMS."),
    message=about(STRING, "Message for recipients without a message of their own."),
    name=about(STRING, "Name of the broadcast."),
    recipients=about(list_of(ref("TextRecipient")), "Whom to send to."),
    resumeNextDay=RESUME,
    retryConfig=RETRY,
    schedules=SCHEDULES,
    status=STATUS,
)
TEXT_BROADCAST_CREATE_RESPONSE = model(
    "TextBroadcastCreateResponse", "The id of a broadcast.", id=about(LONG, "Id of the broadcast.")
)
BATCH = model(
    "Batch",
    "Recipients that were added to a broadcast together.",
    broadcastId=about(LONG, "Id of the broadcast."),
    created=read_only(about(TIME, "Time at which the batch was added.")),
    enabled=about(BOOLEAN, "Whether the recipients of the batch are contacted."),
    id=about(LONG, "Id of the batch."),
    name=about(STRING, "Name of the batch."),
    remaining=read_only(about(INT, "Number of recipients that were not contacted yet.")),
    size=read_only(about(INT, "Number of recipients.")),
    status=about(one_of("NEW", "VALIDATING", "ERRORS", "SOURCE_ERROR", "ACTIVE"), "Status of the validation."),
)
BATCH_REQUEST = model(
    "BatchRequest",
    "Recipients to add to a broadcast as a batch.",
    contactListId=about(LONG, "Id of a contact list whose contacts are the recipients."),
    name=about(STRING, "Name of the batch."),
    recipients=about(list_of(ref("Recipient")), "The recipients."),
    scrubDuplicates=about(BOOLEAN, "Whether numbers that the broadcast already has are left out. Default: false."),
)
CALL_BROADCAST_STATS = model(
    "CallBroadcastStats",
    "Statistics of a call broadcast.",
    answeringMachineCount=about(INT, "Calls that an answering machine answered."),
    billedAmount=about(DECIMAL, "Credits that were billed."),
    billedDuration=about(INT, "Billed duration in seconds."),
    busyCount=about(INT, "Calls to a busy number."),
    callsAttempted=about(INT, "Calls that were attempted."),
    callsAwaitingRedial=about(INT, "Calls that will be retried."),
    callsDuration=about(INT, "Duration of all calls in seconds."),
    callsLiveAnswer=about(INT, "Calls that a person answered."),
    callsPlaced=about(INT, "Calls that were placed."),
    callsRemaining=about(INT, "Calls that were not placed yet."),
    dialedCount=about(INT, "Numbers that were dialed."),
    doNotCallCount=about(INT, "Numbers on a do-not-contact list."),
    errorCount=about(INT, "Calls that ended with an error."),
    liveCount=about(INT, "Calls that a person answered."),
    miscCount=about(INT, "Calls with any other result."),
    noAnswerCount=about(INT, "Calls without an answer."),
    remainingOutboundCount=about(INT, "Calls that were not placed yet."),
    responseRatePercent=about(INT, "Share of live answers in percent."),
    totalCount=about(INT, "Number of recipients."),
    totalOutboundCount=about(INT, "Number of outbound calls."),
    transferCount=about(INT, "Calls that were transferred."),
)
TEXT_BROADCAST_STATS_DTO = model(
    "TextBroadcastStatsDto",
    "Statistics of a text broadcast.",
    billedAmount=about(DECIMAL, "Credits that were billed."),
    doNotTextCount=about(INT, "Numbers on a do-not-contact list."),
    errorCount=about(INT, "Texts that ended with an error."),
    recievedCount=about(INT, "Texts that were received. The misspelled name is CallFire's."),
    remainingOutboundCount=about(INT, "Texts that were not sent yet."),
    sentCount=about(INT, "Texts that were sent."),
    tooBigCount=about(INT, "Texts that were too long."),
    totalOutboundCount=about(INT, "Number of outbound texts."),
    unsentCount=about(INT, "Texts that were not sent."),
)
