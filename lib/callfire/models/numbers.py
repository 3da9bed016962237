"""Phone numbers: available numbers, leased numbers, and their inbound settings."""

from lib.callfire.models.values import FEATURE_STATUSES, LEASE_STATUSES, LEASE_TYPES
from lib.callfire.operation.fields import Model, boolean, integer, model, moment, number, text, texts

REGION = Model(
    "Region",
    "The region of a phone number.",
    (
        text("prefix", "First digits of the numbers: country code, area code and optionally more."),
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
    "A number that is available for lease.",
    (
        text("number", "Phone number, 11 digits, e.g. 12132000384."),
        text("nationalFormat", "Number in the national format, e.g. (213) 200-0384."),
        boolean("tollFree", "true: toll-free number."),
        model("region", "Region", "Region of the number."),
        boolean("sendEmailOnCreate", "true: CallFire sends an e-mail when the number is leased."),
    ),
)
NUMBER_LEASE = Model(
    "NumberLease",
    "A number that the account has leased.",
    (
        text("number", "Phone number, 11 digits, e.g. 12132000384."),
        boolean("autoRenew", "true: renew the lease when it ends. false: release the number."),
        text(
            "callFeatureStatus",
            "Whether the number accepts calls. Set ENABLED or DISABLED.",
            choices=FEATURE_STATUSES,
            label="Calls",
        ),
        text(
            "textFeatureStatus",
            "Whether the number accepts texts. Set ENABLED or DISABLED.",
            choices=FEATURE_STATUSES,
            label="Texts",
        ),
        texts("labels", "Labels of the number."),
        text("nationalFormat", "Number in the national format, e.g. (213) 200-0384.", hidden=True),
        boolean("tollFree", "true: toll-free number.", hidden=True),
        model("region", "Region", "Region of the number.", hidden=True),
        boolean("sendEmailOnCreate", "true: CallFire sends an e-mail when the number is leased.", hidden=True),
        text("type", "PLAN: included in the plan. EXTRA: leased in addition.", choices=LEASE_TYPES, hidden=True),
        text("status", "Status of the lease.", choices=LEASE_STATUSES, answered=True),
        moment("leaseBegin", "Start of the lease, in Unix milliseconds.", hidden=True),
        moment("leaseEnd", "End of the lease, in Unix milliseconds.", hidden=True),
    ),
)
NUMBER_CONFIG = Model(
    "NumberConfig",
    "The inbound call and text settings of a leased number.",
    (
        text("number", "Phone number, 11 digits, e.g. 12132000384."),
        text(
            "configType",
            "IVR: an IVR dialplan answers calls. TRACKING: calls are transferred and tracked. Map the settings of that "
            "type, too.",
            choices=("IVR", "TRACKING"),
        ),
        model("callTrackingConfig", "CallTrackingConfig", "Call settings for TRACKING."),
        model("ivrInboundConfig", "IvrInboundConfig", "Call settings for IVR."),
        model("textInboundConfig", "TextInboundConfig", "Forwarding of inbound texts."),
    ),
)
CALL_TRACKING_CONFIG = Model(
    "CallTrackingConfig",
    "The transfer and tracking of calls to a number.",
    (
        texts(
            "transferNumbers",
            "Numbers to transfer calls to, 11 digits each. All ring; the first that answers gets the call.",
        ),
        boolean("screen", "true: announce the call to the called party, who may reject it."),
        boolean("recorded", "true: record calls. Local law may require consent."),
        boolean("voicemail", "true: record a voicemail if the call is not answered."),
        integer("introSoundId", "Sound that the caller hears first."),
        integer("whisperSoundId", "Sound that only the called party hears first."),
        integer("voicemailSoundId", "Sound that asks the caller for a voicemail."),
        integer("failedTransferSoundId", "Sound that the caller hears if the transfer fails."),
        model("weeklySchedule", "WeeklySchedule", "Hours in which calls are transferred."),
        model("googleAnalytics", "GoogleAnalytics", "Google Analytics account that receives reports of calls."),
    ),
)
GOOGLE_ANALYTICS = Model(
    "GoogleAnalytics",
    "A Google Analytics account that receives reports of calls.",
    (
        text("googleAccountId", "ID of the Google Analytics account."),
        text("category", "Category of the reported events."),
        text("domain", "Domain of the reported events."),
    ),
)
IVR_INBOUND_CONFIG = Model(
    "IvrInboundConfig",
    "The IVR dialplan for callers.",
    (text("dialplanXml", "IVR dialplan as XML."),),
)
TEXT_INBOUND_CONFIG = Model(
    "TextInboundConfig",
    "The forwarding of texts to a number or keyword.",
    (
        boolean("forwardEnabled", "true: forward the texts."),
        text("forwardNumber", "Number that receives the forwarded texts, 11 digits, e.g. 12132000384."),
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
