"""Text and call broadcasts, their batches, schedules and statistics."""

from sandbox.api.models.enums import BROADCAST_STATUS, VOICE
from sandbox.api.schema import BOOLEAN, DECIMAL, INT, LONG, STRING, TIME, list_of, model, one_of, read_only, ref

model("LocalDate", day=INT, month=INT, year=INT)
model("LocalTimeRestriction", beginHour=INT, beginMinute=INT, enabled=BOOLEAN, endHour=INT, endMinute=INT)
model(
    "RetryConfig",
    maxAttempts=INT,
    minutesBetweenAttempts=INT,
    retryPhoneTypes=list_of(STRING),
    retryResults=list_of(STRING),
)
model(
    "Schedule",
    campaignId=LONG,
    daysOfWeek=list_of(STRING, unique=True),
    id=LONG,
    startDate=ref("LocalDate"),
    startTimeOfDay=ref("LocalTime"),
    stopDate=ref("LocalDate"),
    stopTimeOfDay=ref("LocalTime"),
    timeZone=STRING,
)
model(
    "CallBroadcastSounds",
    dncDigit=STRING,
    dncSoundId=LONG,
    dncSoundText=STRING,
    dncSoundTextVoice=VOICE,
    liveSoundId=LONG,
    liveSoundText=STRING,
    liveSoundTextVoice=VOICE,
    machineSoundId=LONG,
    machineSoundText=STRING,
    machineSoundTextVoice=VOICE,
    transferDigit=STRING,
    transferNumber=STRING,
    transferSoundId=LONG,
    transferSoundText=STRING,
    transferSoundTextVoice=VOICE,
)
CALL_BROADCAST = model(
    "CallBroadcast",
    answeringMachineConfig=one_of("AM_ONLY", "AM_AND_LIVE", "LIVE_WITH_AMD", "LIVE_IMMEDIATE"),
    dialplanXml=STRING,
    fromNumber=STRING,
    id=LONG,
    labels=list_of(STRING, unique=True),
    lastModified=read_only(TIME),
    localTimeRestriction=ref("LocalTimeRestriction"),
    maxActive=INT,
    maxActiveTransfers=INT,
    name=STRING,
    recipients=list_of(ref("Recipient")),
    resumeNextDay=BOOLEAN,
    retryConfig=ref("RetryConfig"),
    schedules=list_of(ref("Schedule")),
    sounds=ref("CallBroadcastSounds"),
    status=read_only(BROADCAST_STATUS),
)
TEXT_BROADCAST = model(
    "TextBroadcast",
    bigMessageStrategy=one_of("SEND_MULTIPLE", "DO_NOT_SEND", "TRIM", "MMS"),
    fromNumber=STRING,
    id=LONG,
    labels=list_of(STRING, unique=True),
    lastModified=read_only(TIME),
    localTimeRestriction=ref("LocalTimeRestriction"),
    maxActive=INT,
    media=list_of(ref("Media")),
    message=STRING,
    name=STRING,
    recipients=list_of(ref("TextRecipient")),
    resumeNextDay=BOOLEAN,
    schedules=list_of(ref("Schedule")),
    status=read_only(BROADCAST_STATUS),
)
TEXT_BROADCAST_CREATE_RESPONSE = model("TextBroadcastCreateResponse", id=LONG)
BATCH = model(
    "Batch",
    broadcastId=LONG,
    created=read_only(TIME),
    enabled=BOOLEAN,
    id=LONG,
    name=STRING,
    remaining=read_only(INT),
    size=read_only(INT),
    status=one_of("NEW", "VALIDATING", "ERRORS", "SOURCE_ERROR", "ACTIVE"),
)
BATCH_REQUEST = model(
    "BatchRequest", contactListId=LONG, name=STRING, recipients=list_of(ref("Recipient")), scrubDuplicates=BOOLEAN
)
CALL_BROADCAST_STATS = model(
    "CallBroadcastStats",
    answeringMachineCount=INT,
    billedAmount=DECIMAL,
    billedDuration=INT,
    busyCount=INT,
    callsAttempted=INT,
    callsAwaitingRedial=INT,
    callsDuration=INT,
    callsLiveAnswer=INT,
    callsPlaced=INT,
    callsRemaining=INT,
    dialedCount=INT,
    doNotCallCount=INT,
    errorCount=INT,
    liveCount=INT,
    miscCount=INT,
    noAnswerCount=INT,
    remainingOutboundCount=INT,
    responseRatePercent=INT,
    totalCount=INT,
    totalOutboundCount=INT,
    transferCount=INT,
)
TEXT_BROADCAST_STATS_DTO = model(
    "TextBroadcastStatsDto",
    billedAmount=DECIMAL,
    doNotTextCount=INT,
    errorCount=INT,
    recievedCount=INT,
    remainingOutboundCount=INT,
    sentCount=INT,
    tooBigCount=INT,
    totalOutboundCount=INT,
    unsentCount=INT,
)
