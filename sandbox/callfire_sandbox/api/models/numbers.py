"""Numbers and keywords: leases, configurations and orders."""

from callfire_sandbox.api.models.enums import FEATURE_STATUS, LEASE_STATUS, LEASE_TYPE
from callfire_sandbox.api.schema import (
    BOOLEAN,
    FLOAT,
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

AUTO_RENEW = about(BOOLEAN, "Whether the lease renews itself.")
EMAIL_ON_CREATE = about(BOOLEAN, "Whether an email is sent when the number is leased.")
LABELS = about(list_of(STRING), "Labels of the lease.")
LEASE_BEGIN = about(TIME, "Begin of the lease.")
LEASE_END = about(TIME, "End of the lease.")
LEASE_TYPE_ABOUT = about(LEASE_TYPE, "Whether the plan includes the lease.")
NATIONAL = about(STRING, "The number in national format, for example (213) 200-0384.")
NUMBER_ABOUT = about(STRING, "The number, as 11 digits.")
SHORT_CODE = about(STRING, "Short code that the keyword is sent to. Deprecated: use number.")
TOLL_FREE = about(BOOLEAN, "Whether the number is toll-free.")
KEYWORD_ABOUT = about(STRING, "The keyword: 3 to 64 letters and digits.")
KEYWORD_NUMBER = about(STRING, "Number or short code that the keyword is sent to.")

REGION = model(
    "Region",
    "The region of a number.",
    city=about(STRING, "City in capitals."),
    country=about(STRING, "Country code, for example US."),
    lata=about(STRING, "Local access and transport area. Not in CallFire's description, but in its responses."),
    latitude=about(FLOAT, "Latitude in degrees."),
    longitude=about(FLOAT, "Longitude in degrees."),
    prefix=about(STRING, "Country code and area code, for example 1213."),
    rateCenter=about(STRING, "Rate center. Not in CallFire's description, but in its responses."),
    state=about(STRING, "State, as two letters."),
    timeZone=about(STRING, "IANA time zone."),
    zipcode=about(STRING, "ZIP code."),
)
NUMBER = model(
    "Number",
    "A number that can be leased.",
    nationalFormat=NATIONAL,
    number=NUMBER_ABOUT,
    region=ref("Region", "Region of the number. Absent for toll-free numbers."),
    tollFree=TOLL_FREE,
    sendEmailOnCreate=EMAIL_ON_CREATE,
)
NUMBER_LEASE = model(
    "NumberLease",
    "A leased number.",
    autoRenew=AUTO_RENEW,
    callFeatureStatus=about(FEATURE_STATUS, "Whether the number can be called. Changes: ENABLED or DISABLED."),
    labels=LABELS,
    leaseBegin=LEASE_BEGIN,
    leaseEnd=LEASE_END,
    nationalFormat=NATIONAL,
    number=NUMBER_ABOUT,
    region=ref("Region", "Region of the number. Absent for toll-free numbers."),
    status=read_only(about(LEASE_STATUS, "Status of the lease.")),
    textFeatureStatus=about(FEATURE_STATUS, "Whether the number can send and receive texts."),
    tollFree=TOLL_FREE,
    sendEmailOnCreate=EMAIL_ON_CREATE,
    type=LEASE_TYPE_ABOUT,
)
model(
    "GoogleAnalytics",
    "Call tracking with Google Analytics.",
    category=about(STRING, "Category of the events."),
    domain=about(STRING, "Domain of the site."),
    googleAccountId=about(STRING, "Id of the Google account."),
)
model(
    "WeeklySchedule",
    "Weekly hours.",
    daysOfWeek=about(list_of(STRING, unique=True), "Days, for example MONDAY."),
    startTimeOfDay=ref("LocalTime", "Start of the hours."),
    stopTimeOfDay=ref("LocalTime", "End of the hours."),
    timeZone=about(STRING, "IANA time zone."),
)
model(
    "CallTrackingConfig",
    "How calls to a number are transferred and recorded.",
    failedTransferSoundId=about(LONG, "Id of the sound after a failed transfer."),
    googleAnalytics=ref("GoogleAnalytics", "Settings of Google Analytics."),
    introSoundId=about(LONG, "Id of the sound at the beginning."),
    recorded=about(BOOLEAN, "Whether calls are recorded."),
    screen=about(BOOLEAN, "Whether the called person can refuse the call."),
    transferNumbers=about(list_of(STRING), "Numbers that calls are transferred to."),
    voicemail=about(BOOLEAN, "Whether callers can leave a message."),
    voicemailSoundId=about(LONG, "Id of the sound of the voicemail."),
    weeklySchedule=ref("WeeklySchedule", "Hours in which calls are transferred."),
    whisperSoundId=about(LONG, "Id of the sound that only the called person hears."),
)
model("IvrInboundConfig", "How calls to a number are answered.", dialplanXml=about(STRING, "IVR dialplan."))
model(
    "TextInboundConfig",
    "How inbound texts are forwarded.",
    forwardEnabled=about(BOOLEAN, "Whether texts are forwarded."),
    forwardNumber=about(STRING, "Number that texts are forwarded to."),
)
NUMBER_CONFIG = model(
    "NumberConfig",
    "The configuration of a leased number.",
    callTrackingConfig=ref("CallTrackingConfig", "Required if configType is TRACKING."),
    configType=about(one_of("IVR", "TRACKING"), "How calls are handled."),
    ivrInboundConfig=ref("IvrInboundConfig", "Required if configType is IVR."),
    number=NUMBER_ABOUT,
    textInboundConfig=ref("TextInboundConfig", "How texts are handled."),
)
KEYWORD = model(
    "Keyword",
    "A keyword that can be leased.",
    keyword=KEYWORD_ABOUT,
    shortCode=SHORT_CODE,
    number=KEYWORD_NUMBER,
)
KEYWORD_LEASE = model(
    "KeywordLease",
    "A leased keyword.",
    autoRenew=AUTO_RENEW,
    contactListId=about(LONG, "Id of the contact list that senders of the keyword are added to."),
    doubleOptInEnabled=about(BOOLEAN, "Whether senders must confirm."),
    keyword=KEYWORD_ABOUT,
    labels=LABELS,
    leaseBegin=LEASE_BEGIN,
    leaseEnd=LEASE_END,
    optInConfirmationMessage=about(STRING, "Reply to senders of the keyword."),
    shortCode=SHORT_CODE,
    status=about(LEASE_STATUS, "Status of the lease."),
    number=KEYWORD_NUMBER,
    type=LEASE_TYPE_ABOUT,
)
KEYWORD_CONFIG = model(
    "KeywordConfig",
    "The configuration of a leased keyword.",
    keyword=KEYWORD_ABOUT,
    textInboundConfig=ref("TextInboundConfig", "How texts are handled."),
)
KEYWORD_PURCHASE_REQUEST = model(
    "KeywordPurchaseRequest", "An order of keywords.", keywords=about(list_of(STRING), "The keywords.")
)
NUMBER_PURCHASE_REQUEST = model(
    "NumberPurchaseRequest",
    "An order of numbers: a list of numbers, or counts and filters.",
    city=about(STRING, "City of local numbers."),
    localCount=about(INT, "How many local numbers to order."),
    numbers=about(list_of(STRING), "The numbers to order."),
    prefix=about(STRING, "First 4 to 7 digits of local numbers."),
    promo=about(STRING, "Promotion code."),
    state=about(STRING, "State of local numbers, as two letters."),
    tollFreeCount=about(INT, "How many toll-free numbers to order."),
    zipcode=about(STRING, "ZIP code of local numbers."),
)
model(
    "NumberOrderItem",
    "One part of an order.",
    fulfilled=read_only(about(list_of(STRING), "What was leased.")),
    ordered=about(INT, "How many were ordered."),
    unitCost=read_only(about(FLOAT, "Credits for each.")),
)
NUMBER_ORDER = model(
    "NumberOrder",
    "An order of numbers or keywords.",
    created=read_only(about(TIME, "Time of the order.")),
    id=about(LONG, "Id of the order."),
    keywords=ref("NumberOrderItem", "Ordered keywords."),
    localNumbers=ref("NumberOrderItem", "Ordered local numbers."),
    status=read_only(
        about(
            one_of(
                "PROCESSING",
                "FINISHED",
                "PAYMENT_ERROR",
                "VOID",
                "WAIT_FOR_PAYMENT",
                "PARTIALLY_ADJUSTED",
                "ADJUSTED",
                "NEW",
                "ERRORED",
                "APPROVE_TIER_ONE",
                "APPROVE_TIER_TWO",
                "REJECTED",
            ),
            "Status of the order.",
        )
    ),
    tollFreeNumbers=ref("NumberOrderItem", "Ordered toll-free numbers."),
    totalCost=read_only(about(FLOAT, "Credits for the whole order.")),
    salesTax=read_only(about(FLOAT, "Sales tax.")),
    summary=read_only(about(FLOAT, "Credits without tax.")),
    total=read_only(about(FLOAT, "Credits with tax.")),
)
