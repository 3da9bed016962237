"""Numbers and keywords: leases, configurations and orders."""

from sandbox.api.models.enums import FEATURE_STATUS, LEASE_STATUS, LEASE_TYPE
from sandbox.api.schema import BOOLEAN, FLOAT, INT, LONG, STRING, TIME, list_of, model, one_of, read_only, ref

REGION = model(
    "Region",
    city=STRING,
    country=STRING,
    latitude=FLOAT,
    longitude=FLOAT,
    prefix=STRING,
    state=STRING,
    timeZone=STRING,
    zipcode=STRING,
)
NUMBER = model(
    "Number", nationalFormat=STRING, number=STRING, region=ref("Region"), tollFree=BOOLEAN, sendEmailOnCreate=BOOLEAN
)
NUMBER_LEASE = model(
    "NumberLease",
    autoRenew=BOOLEAN,
    callFeatureStatus=FEATURE_STATUS,
    labels=list_of(STRING),
    leaseBegin=TIME,
    leaseEnd=TIME,
    nationalFormat=STRING,
    number=STRING,
    region=ref("Region"),
    status=read_only(LEASE_STATUS),
    textFeatureStatus=FEATURE_STATUS,
    tollFree=BOOLEAN,
    sendEmailOnCreate=BOOLEAN,
    type=LEASE_TYPE,
)
model("GoogleAnalytics", category=STRING, domain=STRING, googleAccountId=STRING)
model(
    "WeeklySchedule",
    daysOfWeek=list_of(STRING, unique=True),
    startTimeOfDay=ref("LocalTime"),
    stopTimeOfDay=ref("LocalTime"),
    timeZone=STRING,
)
model(
    "CallTrackingConfig",
    failedTransferSoundId=LONG,
    googleAnalytics=ref("GoogleAnalytics"),
    introSoundId=LONG,
    recorded=BOOLEAN,
    screen=BOOLEAN,
    transferNumbers=list_of(STRING),
    voicemail=BOOLEAN,
    voicemailSoundId=LONG,
    weeklySchedule=ref("WeeklySchedule"),
    whisperSoundId=LONG,
)
model("IvrInboundConfig", dialplanXml=STRING)
model("TextInboundConfig", forwardEnabled=BOOLEAN, forwardNumber=STRING)
NUMBER_CONFIG = model(
    "NumberConfig",
    callTrackingConfig=ref("CallTrackingConfig"),
    configType=one_of("IVR", "TRACKING"),
    ivrInboundConfig=ref("IvrInboundConfig"),
    number=STRING,
    textInboundConfig=ref("TextInboundConfig"),
)
KEYWORD = model("Keyword", keyword=STRING, shortCode=STRING, number=STRING)
KEYWORD_LEASE = model(
    "KeywordLease",
    autoRenew=BOOLEAN,
    contactListId=LONG,
    doubleOptInEnabled=BOOLEAN,
    keyword=STRING,
    labels=list_of(STRING),
    leaseBegin=TIME,
    leaseEnd=TIME,
    optInConfirmationMessage=STRING,
    shortCode=STRING,
    status=LEASE_STATUS,
    number=STRING,
    type=LEASE_TYPE,
)
KEYWORD_CONFIG = model("KeywordConfig", keyword=STRING, textInboundConfig=ref("TextInboundConfig"))
KEYWORD_PURCHASE_REQUEST = model("KeywordPurchaseRequest", keywords=list_of(STRING))
NUMBER_PURCHASE_REQUEST = model(
    "NumberPurchaseRequest",
    city=STRING,
    localCount=INT,
    numbers=list_of(STRING),
    prefix=STRING,
    promo=STRING,
    state=STRING,
    tollFreeCount=INT,
    zipcode=STRING,
)
model("NumberOrderItem", fulfilled=read_only(list_of(STRING)), ordered=INT, unitCost=read_only(FLOAT))
NUMBER_ORDER = model(
    "NumberOrder",
    created=read_only(TIME),
    id=LONG,
    keywords=ref("NumberOrderItem"),
    localNumbers=ref("NumberOrderItem"),
    status=read_only(
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
        )
    ),
    tollFreeNumbers=ref("NumberOrderItem"),
    totalCost=read_only(FLOAT),
    salesTax=read_only(FLOAT),
    summary=read_only(FLOAT),
    total=read_only(FLOAT),
)
