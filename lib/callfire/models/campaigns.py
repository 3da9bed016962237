"""What call and text broadcasts share: recipients, batches, schedules, retries, sounds."""

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
    "Someone to contact.",
    (
        phone_as_given(
            "phoneNumber",
            "Number to contact: 11 digits with country code, e.g. 12132000384. Give this or a contact ID.",
        ),
        integer("contactId", "Contact to reach, instead of a phone number."),
        phone_as_given("fromNumber", "Number to show as the sender, 11 digits."),
        string_map("attributes", "Values of your own, e.g. an order number: they come back on the call or text."),
    ),
    one_of=("phoneNumber", "contactId"),
)

BATCH = Model(
    "Batch",
    "Recipients that were added to a broadcast together.",
    (
        integer("id", "CallFire's id of the batch.", answered=True),
        text("name", "Name of the batch."),
        boolean("enabled", "true: its recipients are contacted; false: they are held back."),
        integer("broadcastId", "Broadcast it belongs to.", answered=True),
        text(
            "status",
            "Whether its recipients have been checked.",
            choices=("NEW", "VALIDATING", "ERRORS", "SOURCE_ERROR", "ACTIVE"),
            answered=True,
        ),
        integer("size", "How many recipients it has.", answered=True),
        integer("remaining", "How many of them are still to be contacted.", answered=True),
        moment("created", "When it was made, in Unix milliseconds.", answered=True),
    ),
)
BATCH_REQUEST = Model(
    "BatchRequest",
    "Recipients to add to a broadcast together.",
    (
        text("name", "Name of the batch."),
        models("recipients", "Recipient", "The recipients, unless a contact list is given."),
        integer("contactListId", "Contact list whose contacts are the recipients."),
        boolean("scrubDuplicates", "true: leave out recipients the broadcast has already."),
    ),
)

SCHEDULE = Model(
    "Schedule",
    "A time in which a broadcast runs.",
    (
        model("startDate", "LocalDate", "First day."),
        model("stopDate", "LocalDate", "Last day."),
        model("startTimeOfDay", "LocalTime", "Time of day at which it starts."),
        model("stopTimeOfDay", "LocalTime", "Time of day at which it stops."),
        texts("daysOfWeek", "Days on which it runs, e.g. MONDAY, TUESDAY."),
        text("timeZone", "Time zone of these times, e.g. America/Los_Angeles."),
        integer("id", "CallFire's id of the schedule.", answered=True),
        integer("campaignId", "Broadcast it belongs to.", answered=True),
    ),
)
LOCAL_DATE = Model(
    "LocalDate",
    "A day.",
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
    "Hours in which recipients may be contacted, in the time of where they are.",
    (
        boolean("enabled", "true: keep these hours."),
        integer("beginHour", "Hour at which they begin, 0 to 23."),
        integer("beginMinute", "Minute at which they begin, 0 to 59."),
        integer("endHour", "Hour at which they end, 0 to 23."),
        integer("endMinute", "Minute at which they end, 0 to 59."),
    ),
)
WEEKLY_SCHEDULE = Model(
    "WeeklySchedule",
    "Hours on days of the week.",
    (
        texts("daysOfWeek", "The days, e.g. MONDAY, TUESDAY."),
        model("startTimeOfDay", "LocalTime", "Time of day at which they begin."),
        model("stopTimeOfDay", "LocalTime", "Time of day at which they end."),
        text("timeZone", "Time zone of these times, e.g. America/Los_Angeles."),
    ),
)
RETRY_CONFIG = Model(
    "RetryConfig",
    "When to try a recipient again who was not reached.",
    (
        integer("maxAttempts", "How often to try in all. CallFire's default is 1: no second try."),
        integer("minutesBetweenAttempts", "Minutes to wait in between. CallFire's default is 60."),
        texts("retryResults", "Results after which to try again, e.g. BUSY, NO_ANS, CARRIER_TEMP_ERROR."),
        texts(
            "retryPhoneTypes",
            "Numbers of a contact to try, in this order: FIRST_NUMBER, HOME_PHONE, WORK_PHONE, MOBILE_PHONE.",
        ),
    ),
)

CAMPAIGN_SOUND = Model(
    "CampaignSound",
    "A sound to play in calls.",
    (
        integer("id", "CallFire's id of the sound."),
        text("name", "Its name."),
        text(
            "status",
            "ACTIVE once it can be used.",
            choices=("UPLOAD", "RECORDING", "ACTIVE", "ACTIVE_SYSTEM", "FAILED", "ARCHIVED", "SCRUBBED"),
        ),
        integer("lengthInSeconds", "Its length in seconds."),
        boolean("duplicate", "true: the account had the same sound already."),
        moment("created", "When it was made, in Unix milliseconds."),
    ),
)
CALL_CREATE_SOUND = Model(
    "CallCreateSound",
    "A sound that is spoken into the phone.",
    (
        phone("toNumber", "Number CallFire calls for the recording, 11 digits, e.g. 12132000384."),
        text("name", "Name of the sound."),
    ),
)
TEXT_TO_SPEECH = Model(
    "TextToSpeech",
    "A sound that CallFire speaks.",
    (
        text("message", "What to say."),
        text("voice", "Voice that says it.", choices=VOICES),
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
