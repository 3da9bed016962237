"""The account, its API credentials, billing and caller IDs, and the time zone objects of the account."""

from lib.callfire.models.values import WEEKDAYS
from lib.callfire.operation.fields import Field, Model, boolean, integer, model, models, moment, number, text, texts

_COUNTRIES = ("US", "CA")
_TIME_UNITS = ("NANOSECONDS", "MICROSECONDS", "MILLISECONDS", "SECONDS", "MINUTES", "HOURS", "DAYS")
_MONTHS = (
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
)
_INDUSTRIES = (
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
)


def _time(name: str, about: str) -> Field:
    return text(name, about, limits={"format": "date-time"})


ACCOUNT = Model(
    "Account",
    "A CallFire account with its limits and settings.",
    (
        integer("id", "ID of the account."),
        text("name", "Name of the account."),
        text("companyName", "Company of the account."),
        text("email", "E-mail address of the account holder."),
        text("firstName", "First name of the account holder."),
        text("lastName", "Last name of the account holder."),
        texts("permissions", "Permissions of the credentials."),
        text(
            "status",
            "Status of the account.",
            choices=("ACTIVE", "PENDING_CANCELLED", "CANCELLED", "ARCHIVING", "ARCHIVED"),
        ),
        boolean("active", "true: the account is active."),
        boolean("canceled", "true: the account is canceled."),
        boolean("archived", "true: the account is archived."),
        boolean("canceledOrArchived", "true: the account is canceled or archived."),
        text(
            "trustLevel",
            "Trust level of the account.",
            choices=("LOCKED", "SUSPENDED", "PROBATION", "NORMAL", "TRUSTED"),
        ),
        text(
            "brand",
            "CallFire brand of the account.",
            choices=("EZTEXTING", "CLUBTEXTING", "GROUPTEXTING", "TELLMYCELL", "EZ", "CALLFIRE", "TESLA"),
        ),
        text("address", "Street and number."),
        text("city", "City."),
        text("state", "State, two letters."),
        text("zipcode", "ZIP code."),
        text("country", "Country of the account.", choices=_COUNTRIES),
        text("countryOrDefault", "Country of the account, or the country that CallFire assumes.", choices=_COUNTRIES),
        text("website", "Web address."),
        text("ein", "Employer identification number.", label="EIN"),
        text("entityType", "Legal form. SP: sole proprietor.", choices=("SP", "COMPANY")),
        text("industry", "Industry of the account.", choices=_INDUSTRIES),
        text("industryName", "Name of the industry."),
        text("messageClass", "Class of the messages that the account sends."),
        texts("messageFlows", "Message flows of the account."),
        text("key", "Key of the account."),
        _time("created", "Time of creation, ISO 8601."),
        model("age", "Duration", "Age of the account."),
        boolean("startCapable", "true: the account may start broadcasts."),
        boolean(
            "allowedToCreateCampaign", "true: the account may create broadcasts.", label="Allowed to Create Broadcasts"
        ),
        boolean("sharedShortCodeAllowed", "true: the account may send from a shared short code."),
        integer("sharedShortCodeId", "ID of the shared short code."),
        integer("defaultNumberId", "ID of the default sender number."),
        text("fromNumberPool", "Pool of sender numbers."),
        integer("apiCallLimit", "Maximum number of API requests. CallFire does not document the interval."),
        integer("outboundThreshold", "Maximum number of calls in progress at the same time."),
        integer("textOutboundThreshold", "Maximum number of texts in progress at the same time."),
        integer("maxAgents", "Maximum number of agents."),
        boolean("receiverPeriodEnabled", "true: the number of messages per recipient and period is limited."),
        integer("receiverPeriodCall", "Maximum number of calls per recipient and period."),
        integer("receiverPeriodText", "Maximum number of texts per recipient and period."),
        integer("receiverPeriodGlobal", "Maximum number of all messages per recipient and period."),
        text("receiverPeriodTimeUnit", "Unit of the period.", choices=_TIME_UNITS),
        boolean("autoAddDoNotContact", "true: numbers that reply STOP are added to the do-not-contact (DNC) list."),
        boolean("scrub", "true: duplicate recipients are skipped."),
        boolean("universal", "true: the universal do-not-contact (UDNC) list applies."),
        model(
            "localTimeZoneRestriction", "LocalTimeZoneRestriction", "Hours in which CallFire may contact recipients."
        ),
        boolean("retainOnlyMetadata", "true: CallFire does not keep the contents of messages."),
        integer("retainOnlyMetadataLastDetailRecordId", "ID of the last record without content."),
        _time("retainOnlyMetadataLastModified", "Last change of retainOnlyMetadata, ISO 8601."),
        integer("defaultNotificationTtlMillis", "Time for which notifications are kept, in milliseconds."),
        integer("failedVerificationAttempts", "Number of failed attempts to verify the account."),
        _time("tsrAgreement", "Time of agreement to the Telemarketing Sales Rule (TSR), ISO 8601."),
        text("tsrInitials", "Initials of the person who agreed to the TSR."),
        model("timeZone", "TimeZone", "Time zone of the account."),
        model("dateTimeZone", "DateTimeZone", "Time zone of the account, in short form."),
        model("timeZoneId", "ZoneId", "Time zone of the account, with its rules."),
        model("locale", "Locale", "Language and country of the account."),
        boolean("agencyManagedAccounts", "true: the account manages other accounts as an agency."),
        boolean("ez", "true: the account belongs to EZ Texting.", label="EZ"),
        text("uiContext", "Web interface of the account."),
        model("soaAccount", "Account", "Account that pays for this account."),
    ),
)

API_CREDENTIAL = Model(
    "ApiCredential",
    "An API login and password.",
    (
        text("name", "Name of the credential."),
        boolean("enabled", "true: CallFire accepts the credential."),
        integer("id", "ID of the credential.", answered=True),
        text("username", "API login.", answered=True),
        text(
            "password",
            "API password. CallFire returns the password only when the credential is created.",
            answered=True,
        ),
    ),
)
CALLER_ID = Model("CallerId", "A verified caller ID.", (text("phoneNumber", "Phone number, 11 digits."),))
CALLER_ID_VERIFICATION = Model(
    "CallerIdVerificationRequest",
    "The verification of a caller ID.",
    (text("verificationCode", "Code from the verification call."),),
)
BILLING_PLAN_USAGE = Model(
    "BillingPlanUsage",
    "The remaining credits of the account.",
    (
        number("totalRemainingCredits", "Total remaining credits.", answered=True),
        number("remainingPlanCredits", "Remaining credits of the plan for this month.", answered=True),
        number("remainingPayAsYouGoCredits", "Remaining pay-as-you-go credits.", answered=True),
        moment("intervalStart", "Start of the plan's month, in Unix milliseconds.", answered=True),
        moment("intervalEnd", "End of the plan's month, in Unix milliseconds.", answered=True),
    ),
)
CREDIT_USAGE = Model(
    "CreditUsage",
    "The usage in an interval.",
    (
        number("creditsUsed", "Used credits.", answered=True),
        integer("callsDurationMinutes", "Total duration of calls in minutes.", answered=True),
        integer("textsSent", "Number of sent texts.", answered=True),
        moment("intervalBegin", "Start of the interval, in Unix milliseconds.", answered=True),
        moment("intervalEnd", "End of the interval, in Unix milliseconds.", answered=True),
    ),
)

DURATION = Model(
    "Duration",
    "A duration in several units.",
    (
        integer("millis", "Duration in milliseconds.", label="Milliseconds"),
        integer("standardSeconds", "Duration in whole seconds."),
        integer("standardMinutes", "Duration in whole minutes."),
        integer("standardHours", "Duration in whole hours."),
        integer("standardDays", "Duration in whole days."),
    ),
)
LOCAL_TIME_ZONE_RESTRICTION = Model(
    "LocalTimeZoneRestriction",
    "Hours in which CallFire may contact recipients, in their local time.",
    (
        boolean("enabled", "true: the restriction applies."),
        _time("startTime", "Start of the hours, ISO 8601."),
        _time("stopTime", "End of the hours, ISO 8601."),
    ),
)
LOCALE = Model(
    "Locale",
    "A language and a country.",
    (
        text("language", "Language code, e.g. en."),
        text("country", "Country code, e.g. US."),
        text("iso3Language", "Three-letter language code.", label="ISO 3 Language"),
        text("iso3Country", "Three-letter country code.", label="ISO 3 Country"),
        text("displayName", "Name of the locale."),
        text("displayLanguage", "Name of the language."),
        text("displayCountry", "Name of the country."),
        text("displayScript", "Name of the script."),
        text("displayVariant", "Name of the variant."),
        text("script", "Script code."),
        text("variant", "Variant code."),
        texts("extensionKeys", "Keys of the extensions."),
        texts("unicodeLocaleAttributes", "Unicode attributes of the locale."),
        texts("unicodeLocaleKeys", "Unicode keys of the locale."),
    ),
)
TIME_ZONE = Model(
    "TimeZone",
    "A time zone.",
    (
        text("id", "Name of the time zone, e.g. America/Los_Angeles."),
        text("displayName", "Name for display, e.g. Pacific Standard Time."),
        integer("rawOffset", "Offset from UTC in milliseconds, without daylight saving time."),
        integer("dstsavings", "Additional offset of daylight saving time in milliseconds.", label="Daylight Saving"),
    ),
)
DATE_TIME_ZONE = Model(
    "DateTimeZone",
    "A time zone in short form.",
    (
        text("id", "Name of the time zone, e.g. America/Los_Angeles."),
        boolean("fixed", "true: no daylight saving time."),
    ),
)
ZONE_ID = Model(
    "ZoneId",
    "A time zone with its rules.",
    (
        text("id", "Name of the time zone, e.g. America/Los_Angeles."),
        model("rules", "ZoneRules", "Changes of the offset from UTC."),
    ),
)
ZONE_RULES = Model(
    "ZoneRules",
    "The changes of a time zone's offset from UTC.",
    (
        boolean("fixedOffset", "true: the offset never changes."),
        models("transitions", "ZoneOffsetTransition", "Past changes of the offset."),
        models("transitionRules", "ZoneOffsetTransitionRule", "Yearly rules for changes of the offset."),
    ),
)
ZONE_OFFSET = Model(
    "ZoneOffset",
    "An offset from UTC.",
    (
        text("id", "Offset as text, e.g. -08:00."),
        integer("totalSeconds", "Offset in seconds."),
        model("rules", "ZoneRules", "Rules of a time zone that always has this offset."),
    ),
)
ZONE_OFFSET_TRANSITION = Model(
    "ZoneOffsetTransition",
    "A change of a time zone's offset from UTC.",
    (
        integer("instant", "Time of the change, in Unix milliseconds."),
        _time("dateTimeBefore", "Local time before the change, ISO 8601."),
        _time("dateTimeAfter", "Local time after the change, ISO 8601."),
        model("offsetBefore", "ZoneOffset", "Offset before the change."),
        model("offsetAfter", "ZoneOffset", "Offset after the change."),
        model("duration", "Duration", "Size of the change."),
        boolean("gap", "true: clocks are set forward."),
        boolean("overlap", "true: clocks are set back."),
    ),
)
ZONE_OFFSET_TRANSITION_RULE = Model(
    "ZoneOffsetTransitionRule",
    "A yearly rule for a change of the offset from UTC.",
    (
        text("month", "Month of the change.", choices=_MONTHS),
        integer(
            "dayOfMonthIndicator", "First possible day of the month. Negative values count from the end of the month."
        ),
        text("dayOfWeek", "Day of the week of the change.", choices=WEEKDAYS),
        model("localTime", "LocalTime", "Time of day of the change."),
        boolean("midnightEndOfDay", "true: the change is at midnight at the end of the day."),
        text("timeDefinition", "Reference of the time.", choices=("UTC", "WALL", "STANDARD")),
        model("standardOffset", "ZoneOffset", "Offset without daylight saving time."),
        model("offsetBefore", "ZoneOffset", "Offset before the change."),
        model("offsetAfter", "ZoneOffset", "Offset after the change."),
    ),
)

MODELS = (
    ACCOUNT,
    API_CREDENTIAL,
    CALLER_ID,
    CALLER_ID_VERIFICATION,
    BILLING_PLAN_USAGE,
    CREDIT_USAGE,
    DURATION,
    LOCAL_TIME_ZONE_RESTRICTION,
    LOCALE,
    TIME_ZONE,
    DATE_TIME_ZONE,
    ZONE_ID,
    ZONE_RULES,
    ZONE_OFFSET,
    ZONE_OFFSET_TRANSITION,
    ZONE_OFFSET_TRANSITION_RULE,
)
