"""Phone numbers: those on offer, those leased, and what happens when someone calls or texts them."""

from lib.callfire.models.values import FEATURE_STATUSES, LEASE_STATUSES, LEASE_TYPES
from lib.callfire.operation.fields import Model, boolean, integer, model, moment, number, text, texts

REGION = Model(
    "Region",
    "Where a number belongs.",
    (
        text("prefix", "First digits of the numbers there: country code, area code and perhaps more."),
        text("city", "City."),
        text("state", "State, two letters."),
        text("zipcode", "ZIP code, 5 digits."),
        text("country", "Country, two letters."),
        number("latitude", "Latitude in degrees."),
        number("longitude", "Longitude in degrees."),
        text("timeZone", "Time zone, e.g. America/Los_Angeles."),
        text("lata", "Local access and transport area.", label="LATA", answered=True),
        text("rateCenter", "Rate center.", answered=True),
    ),
)
NUMBER = Model(
    "Number",
    "A number that can be leased.",
    (
        text("number", "The number, 11 digits, e.g. 12132000384."),
        text("nationalFormat", "The number as people write it, e.g. (213) 200-0384."),
        boolean("tollFree", "true: callers do not pay."),
        model("region", "Region", "Where the number belongs."),
        boolean("sendEmailOnCreate", "true: an e-mail is sent when it is leased."),
    ),
)
NUMBER_LEASE = Model(
    "NumberLease",
    "A number your account has leased.",
    (
        text("number", "The number, 11 digits, e.g. 12132000384."),
        boolean("autoRenew", "true: lease it again when the lease ends; false: give it up then."),
        text(
            "callFeatureStatus",
            "Whether it takes calls: set ENABLED or DISABLED.",
            choices=FEATURE_STATUSES,
            label="Calls",
        ),
        text(
            "textFeatureStatus",
            "Whether it takes texts: set ENABLED or DISABLED.",
            choices=FEATURE_STATUSES,
            label="Texts",
        ),
        texts("labels", "Labels to find the number by."),
        text("nationalFormat", "The number as people write it, e.g. (213) 200-0384."),
        boolean("tollFree", "true: callers do not pay."),
        model("region", "Region", "Where the number belongs."),
        boolean("sendEmailOnCreate", "true: an e-mail is sent when it is leased."),
        text("type", "PLAN: part of the plan; EXTRA: leased on top of it.", choices=LEASE_TYPES),
        text("status", "Whether it can be used.", choices=LEASE_STATUSES, answered=True),
        moment("leaseBegin", "When the lease began, in Unix milliseconds."),
        moment("leaseEnd", "When the lease ends, in Unix milliseconds."),
    ),
)
NUMBER_CONFIG = Model(
    "NumberConfig",
    "What happens when someone calls or texts a leased number.",
    (
        text("number", "The number, 11 digits, e.g. 12132000384."),
        text(
            "configType",
            "IVR: callers go through a dialplan; TRACKING: calls are put through and measured. Give the "
            "settings of the "
            "same kind with it.",
            choices=("IVR", "TRACKING"),
        ),
        model("callTrackingConfig", "CallTrackingConfig", "Where calls go, for TRACKING."),
        model("ivrInboundConfig", "IvrInboundConfig", "The dialplan, for IVR."),
        model("textInboundConfig", "TextInboundConfig", "Where texts go."),
    ),
)
CALL_TRACKING_CONFIG = Model(
    "CallTrackingConfig",
    "Where calls to a number go, and what is measured.",
    (
        texts(
            "transferNumbers", "Numbers that calls are put through to, 11 digits each; all ring, the first one wins."
        ),
        boolean("screen", "true: who takes the call hears first that it is one, and may refuse it."),
        boolean("recorded", "true: record the calls. Mind what the law asks for."),
        boolean("voicemail", "true: take messages when nobody answers."),
        integer("introSoundId", "Sound the caller hears first."),
        integer("whisperSoundId", "Sound only the one who takes the call hears first."),
        integer("voicemailSoundId", "Sound that asks for a message."),
        integer("failedTransferSoundId", "Sound the caller hears when nobody answers."),
        model("weeklySchedule", "WeeklySchedule", "Hours in which calls are put through."),
        model("googleAnalytics", "GoogleAnalytics", "Where calls are reported to."),
    ),
)
GOOGLE_ANALYTICS = Model(
    "GoogleAnalytics",
    "Which Google Analytics account calls are reported to.",
    (
        text("googleAccountId", "ID of the account."),
        text("category", "Category to report under."),
        text("domain", "Domain to report under."),
    ),
)
IVR_INBOUND_CONFIG = Model(
    "IvrInboundConfig",
    "What callers go through.",
    (text("dialplanXml", "IVR dialplan as XML."),),
)
TEXT_INBOUND_CONFIG = Model(
    "TextInboundConfig",
    "Where texts to a number or keyword go.",
    (
        boolean("forwardEnabled", "true: forward them."),
        text("forwardNumber", "Number to forward them to, 11 digits, e.g. 12132000384."),
    ),
)

MODELS = (
    REGION,
    NUMBER,
    NUMBER_LEASE,
    NUMBER_CONFIG,
    CALL_TRACKING_CONFIG,
    GOOGLE_ANALYTICS,
    IVR_INBOUND_CONFIG,
    TEXT_INBOUND_CONFIG,
)
