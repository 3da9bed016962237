"""Models that call and text broadcasts have in common: recipients, batches, schedules, retries, sounds."""

from lib.callfire.models.shared_fields import ATTRIBUTES, recipient_of
from lib.callfire.models.values import VOICES
from lib.callfire.operation.fields import (
    Model,
    boolean,
    integer,
    model,
    models,
    moment,
    phone,
    phone_as_given,
    string_map,
    text,
    texts,
)

RECIPIENT = Model(
    "Recipient",
    "A recipient of a call or text.",
    (
        *recipient_of("contact", contact="Contact to reach."),
        phone_as_given("fromNumber", "Number of the sender, 11 digits."),
        string_map("attributes", ATTRIBUTES.format(noun="call or text")),
    ),
    one_of=("phoneNumber", "contactId"),
)

BATCH = Model(
    "Batch",
    "A batch of recipients that were added to a broadcast together.",
    (
        integer("id", "ID of the batch.", answered=True),
        text("name", "Name of the batch.", hidden=True),
        boolean("enabled", "true: CallFire contacts the recipients. false: CallFire skips the recipients."),
        integer("broadcastId", "Broadcast of the batch.", answered=True),
        text(
            "status",
            "Status of the validation. ACTIVE: the recipients can be contacted.",
            choices=("NEW", "VALIDATING", "ERRORS", "SOURCE_ERROR", "ACTIVE"),
            answered=True,
        ),
        integer("size", "Number of recipients.", answered=True),
        integer("remaining", "Number of recipients that are not contacted yet.", answered=True),
        moment("created", "Time of creation, in Unix milliseconds.", answered=True),
    ),
)
BATCH_REQUEST = Model(
    "BatchRequest",
    "A batch of recipients to add to a broadcast.",
    (
        text("name", "Name of the batch."),
        models("recipients", "Recipient", "Recipients. Required without a contact list."),
        integer("contactListId", "Contact list with the recipients, instead of recipients."),
        boolean(
            "scrubDuplicates", "true: skip recipients that the broadcast has already. Default: false.", default=False
        ),
    ),
)

SCHEDULE = Model(
    "Schedule",
    "An interval in which a broadcast runs.",
    (
        model("startDate", "LocalDate", "First day."),
        model("stopDate", "LocalDate", "Last day."),
        model("startTimeOfDay", "LocalTime", "Time of day at which the broadcast starts."),
        model("stopTimeOfDay", "LocalTime", "Time of day at which the broadcast stops."),
        texts("daysOfWeek", "Days of the week, e.g. MONDAY, TUESDAY."),
        text("timeZone", "Time zone of these times, e.g. America/Los_Angeles."),
        integer("id", "ID of the schedule.", answered=True),
        integer("campaignId", "Broadcast of the schedule.", answered=True),
    ),
)
LOCAL_DATE = Model(
    "LocalDate",
    "A date.",
    (
        integer("year", "Year, e.g. 2024."),
        integer("month", "Month, 1 to 12.", limits={"minimum": 1, "maximum": 12}),
        integer("day", "Day of the month, 1 to 31.", limits={"minimum": 1, "maximum": 31}),
    ),
)
LOCAL_TIME = Model(
    "LocalTime",
    "A time of day.",
    (
        integer("hour", "Hour, 0 to 23.", limits={"minimum": 0, "maximum": 23}),
        integer("minute", "Minute, 0 to 59.", limits={"minimum": 0, "maximum": 59}),
        integer("second", "Second, 0 to 59.", limits={"minimum": 0, "maximum": 59}),
        integer("nano", "Nanoseconds within the second.", label="Nanosecond"),
    ),
)
LOCAL_TIME_RESTRICTION = Model(
    "LocalTimeRestriction",
    "Hours in which recipients may be contacted, in their local time.",
    (
        boolean("enabled", "true: contact recipients in these hours only."),
        integer("beginHour", "Start hour, 0 to 23."),
        integer("beginMinute", "Start minute, 0 to 59."),
        integer("endHour", "End hour, 0 to 23."),
        integer("endMinute", "End minute, 0 to 59."),
    ),
)
WEEKLY_SCHEDULE = Model(
    "WeeklySchedule",
    "Hours on certain days of the week.",
    (
        texts("daysOfWeek", "Days of the week, e.g. MONDAY, TUESDAY."),
        model("startTimeOfDay", "LocalTime", "Time of day at which the hours begin."),
        model("stopTimeOfDay", "LocalTime", "Time of day at which the hours end."),
        text("timeZone", "Time zone of these times, e.g. America/Los_Angeles."),
    ),
)
RETRY_CONFIG = Model(
    "RetryConfig",
    "Retries for recipients that were not reached.",
    (
        integer("maxAttempts", "Total number of attempts. Default: 1 (no retry).", default=1),
        integer("minutesBetweenAttempts", "Minutes between two attempts. Default: 60.", default=60),
        texts("retryResults", "Results that cause a retry, e.g. BUSY, NO_ANS, CARRIER_TEMP_ERROR."),
        texts(
            "retryPhoneTypes",
            "Numbers of a contact to try, in this order. Allowed: FIRST_NUMBER, HOME_PHONE, WORK_PHONE, MOBILE_PHONE.",
        ),
    ),
)

CAMPAIGN_SOUND = Model(
    "CampaignSound",
    "A sound for calls.",
    (
        integer("id", "ID of the sound."),
        text("name", "Name of the sound."),
        text(
            "status",
            "ACTIVE: calls can use the sound.",
            choices=("UPLOAD", "RECORDING", "ACTIVE", "ACTIVE_SYSTEM", "FAILED", "ARCHIVED", "SCRUBBED"),
        ),
        integer("lengthInSeconds", "Duration in seconds."),
        boolean("duplicate", "true: the account has the same sound already."),
        moment("created", "Time of creation, in Unix milliseconds."),
    ),
)
CALL_CREATE_SOUND = Model(
    "CallCreateSound",
    "A sound to record by phone.",
    (
        phone("toNumber", "Number that CallFire calls for the recording, 11 digits, e.g. 12132000384."),
        text("name", "Name of the sound."),
    ),
)
TEXT_TO_SPEECH = Model(
    "TextToSpeech",
    "A sound to create by text-to-speech (TTS).",
    (
        text("message", "Text to speak."),
        text("voice", "Text-to-speech voice.", choices=VOICES),
    ),
)

MODELS = (
    RECIPIENT,
    BATCH,
    BATCH_REQUEST,
    SCHEDULE,
    LOCAL_DATE,
    LOCAL_TIME,
    LOCAL_TIME_RESTRICTION,
    WEEKLY_SCHEDULE,
    RETRY_CONFIG,
    CAMPAIGN_SOUND,
    CALL_CREATE_SOUND,
    TEXT_TO_SPEECH,
)
