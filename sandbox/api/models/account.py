"""Account, login, caller ids and billing."""

from sandbox.api.models.words import COUNTRY
from sandbox.api.schema import (
    BOOLEAN,
    DATE_TIME,
    DECIMAL,
    INT,
    LONG,
    STRING,
    TIME,
    list_of,
    model,
    one_of,
    read_only,
    ref,
)

DURATION = model(
    "Duration", millis=LONG, standardDays=LONG, standardHours=LONG, standardMinutes=LONG, standardSeconds=LONG
)
DATE_TIME_ZONE = model("DateTimeZone", fixed=BOOLEAN, id=STRING)
TIME_ZONE = model("TimeZone", displayName=STRING, dstsavings=INT, id=STRING, rawOffset=INT)
LOCALE = model(
    "Locale",
    country=STRING,
    displayCountry=STRING,
    displayLanguage=STRING,
    displayName=STRING,
    displayScript=STRING,
    displayVariant=STRING,
    extensionKeys=list_of(STRING, unique=True),
    iso3Country=STRING,
    iso3Language=STRING,
    language=STRING,
    script=STRING,
    unicodeLocaleAttributes=list_of(STRING, unique=True),
    unicodeLocaleKeys=list_of(STRING, unique=True),
    variant=STRING,
)
LOCAL_TIME_ZONE_RESTRICTION = model(
    "LocalTimeZoneRestriction", enabled=BOOLEAN, startTime=DATE_TIME, stopTime=DATE_TIME
)
ZONE_ID = model("ZoneId", id=STRING, rules=ref("ZoneRules"))
ZONE_RULES = model(
    "ZoneRules",
    fixedOffset=BOOLEAN,
    transitionRules=list_of(ref("ZoneOffsetTransitionRule")),
    transitions=list_of(ref("ZoneOffsetTransition")),
)
ZONE_OFFSET = model("ZoneOffset", id=STRING, rules=ref("ZoneRules"), totalSeconds=INT)
ZONE_OFFSET_TRANSITION = model(
    "ZoneOffsetTransition",
    dateTimeAfter=DATE_TIME,
    dateTimeBefore=DATE_TIME,
    duration=ref("Duration"),
    gap=BOOLEAN,
    instant=LONG,
    offsetAfter=ref("ZoneOffset"),
    offsetBefore=ref("ZoneOffset"),
    overlap=BOOLEAN,
)
ZONE_OFFSET_TRANSITION_RULE = model(
    "ZoneOffsetTransitionRule",
    dayOfMonthIndicator=INT,
    dayOfWeek=one_of("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"),
    localTime=ref("LocalTime"),
    midnightEndOfDay=BOOLEAN,
    month=one_of(
        "JANUARY",
        "FEBRUARY",
        "MARCH",
        "APRIL",
        "MAY",
        "JUNE",
        "JULY",
        "AUGUST",
        "SEPTEMBER",
        "OCTOBER",
        "NOVEMBER",
        "DECEMBER",
    ),
    offsetAfter=ref("ZoneOffset"),
    offsetBefore=ref("ZoneOffset"),
    standardOffset=ref("ZoneOffset"),
    timeDefinition=one_of("UTC", "WALL", "STANDARD"),
)
LOCAL_TIME = model("LocalTime", hour=INT, minute=INT, nano=INT, second=INT)
ACCOUNT = model(
    "Account",
    active=BOOLEAN,
    age=ref("Duration"),
    agencyManagedAccounts=BOOLEAN,
    allowedToCreateCampaign=BOOLEAN,
    apiCallLimit=INT,
    autoAddDoNotContact=BOOLEAN,
    brand=one_of("EZTEXTING", "CLUBTEXTING", "GROUPTEXTING", "TELLMYCELL", "EZ", "CALLFIRE", "TESLA"),
    canceled=BOOLEAN,
    country=COUNTRY,
    countryOrDefault=COUNTRY,
    created=DATE_TIME,
    dateTimeZone=ref("DateTimeZone"),
    defaultNotificationTtlMillis=LONG,
    defaultNumberId=LONG,
    ez=BOOLEAN,
    failedVerificationAttempts=INT,
    fromNumberPool=STRING,
    id=LONG,
    industry=one_of(
        "UNKNOWN",
        "ADVERTISING",
        "AUTOMOTIVE",
        "COLLECTIONS",
        "CONSULTING",
        "DECLINE",
        "EDUCATION",
        "EMERGENCY",
        "ENTERTAINMENT",
        "FINANCE",
        "HOSPITALITY",
        "HEALTHFITNESS",
        "HEALTHCARE",
        "INSURANCE",
        "LEAD",
        "OTHER",
        "POLITICAL",
        "REAL_ESTATE",
        "RETAIL",
        "SEARCH_MARKETING",
        "TELECOM",
    ),
    industryName=STRING,
    key=STRING,
    localTimeZoneRestriction=ref("LocalTimeZoneRestriction"),
    locale=ref("Locale"),
    maxAgents=INT,
    messageClass=STRING,
    name=STRING,
    outboundThreshold=INT,
    receiverPeriodCall=INT,
    receiverPeriodEnabled=BOOLEAN,
    receiverPeriodGlobal=INT,
    receiverPeriodText=INT,
    receiverPeriodTimeUnit=one_of("NANOSECONDS", "MICROSECONDS", "MILLISECONDS", "SECONDS", "MINUTES", "HOURS", "DAYS"),
    retainOnlyMetadata=BOOLEAN,
    retainOnlyMetadataLastDetailRecordId=LONG,
    retainOnlyMetadataLastModified=DATE_TIME,
    scrub=BOOLEAN,
    sharedShortCodeId=LONG,
    soaAccount=ref("Account"),
    startCapable=BOOLEAN,
    status=one_of("ACTIVE", "PENDING_CANCELLED", "CANCELLED", "ARCHIVED"),
    textOutboundThreshold=INT,
    timeZone=ref("TimeZone"),
    timeZoneId=ref("ZoneId"),
    trustLevel=one_of("LOCKED", "SUSPENDED", "PROBATION", "NORMAL", "TRUSTED"),
    tsrAgreement=DATE_TIME,
    tsrInitials=STRING,
    uiContext=STRING,
    universal=BOOLEAN,
    website=STRING,
    address=STRING,
    archived=BOOLEAN,
    canceledOrArchived=BOOLEAN,
    city=STRING,
    companyName=STRING,
    ein=STRING,
    entityType=one_of("SP", "COMPANY"),
    messageFlows=list_of(STRING, unique=True),
    sharedShortCodeAllowed=BOOLEAN,
    state=STRING,
    zipcode=STRING,
)
API_CREDENTIAL = model(
    "ApiCredential", enabled=BOOLEAN, id=LONG, name=STRING, password=read_only(STRING), username=read_only(STRING)
)
CALLER_ID = model("CallerId", phoneNumber=STRING)
CALLER_ID_VERIFICATION_REQUEST = model("CallerIdVerificationRequest", verificationCode=STRING)
BILLING_PLAN_USAGE = model(
    "BillingPlanUsage",
    intervalEnd=read_only(TIME),
    intervalStart=read_only(TIME),
    remainingPayAsYouGoCredits=read_only(DECIMAL),
    remainingPlanCredits=read_only(DECIMAL),
    totalRemainingCredits=read_only(DECIMAL),
)
CREDIT_USAGE = model(
    "CreditUsage",
    callsDurationMinutes=read_only(INT),
    creditsUsed=read_only(DECIMAL),
    intervalBegin=read_only(TIME),
    intervalEnd=read_only(TIME),
    textsSent=read_only(INT),
)
