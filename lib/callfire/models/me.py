"""The account: itself, its credentials, its bill, its caller ids; and the time zone objects it carries."""

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
        integer("id", "CallFire's id of the account."),
        text("name", "Name of the account."),
        text("companyName", "Company it belongs to."),
        text("email", "Address of its holder."),
        text("firstName", "Holder's first name."),
        text("lastName", "Holder's last name."),
        texts("permissions", "What these credentials may do."),
        text(
            "status",
            "Whether it can be used.",
            choices=("ACTIVE", "PENDING_CANCELLED", "CANCELLED", "ARCHIVING", "ARCHIVED"),
        ),
        boolean("active", "true: it can be used."),
        boolean("canceled", "true: it was given up."),
        boolean("archived", "true: it was put away."),
        boolean("canceledOrArchived", "true: it was given up or put away."),
        text(
            "trustLevel",
            "How far CallFire trusts it.",
            choices=("LOCKED", "SUSPENDED", "PROBATION", "NORMAL", "TRUSTED"),
        ),
        text(
            "brand",
            "CallFire's brand it was opened with.",
            choices=("EZTEXTING", "CLUBTEXTING", "GROUPTEXTING", "TELLMYCELL", "EZ", "CALLFIRE", "TESLA"),
        ),
        text("address", "Street and number."),
        text("city", "City."),
        text("state", "State, two letters."),
        text("zipcode", "ZIP code."),
        text("country", "Country, where it is set.", choices=_COUNTRIES),
        text("countryOrDefault", "Country, or the one CallFire assumes.", choices=_COUNTRIES),
        text("website", "Web address."),
        text("ein", "Employer identification number.", label="EIN"),
        text("entityType", "SP is a sole proprietor.", choices=("SP", "COMPANY")),
        text("industry", "Line of business.", choices=_INDUSTRIES),
        text("industryName", "Line of business in words."),
        text("messageClass", "Kind of messages it sends."),
        texts("messageFlows", "Ways its messages go."),
        text("key", "Key of the account."),
        _time("created", "When it was opened, as ISO 8601."),
        model("age", "Duration", "How long it has existed."),
        boolean("startCapable", "true: it may start broadcasts."),
        boolean("allowedToCreateCampaign", "true: it may create broadcasts."),
        boolean("sharedShortCodeAllowed", "true: it may send from a shared short code."),
        integer("sharedShortCodeId", "The shared short code it sends from."),
        integer("defaultNumberId", "The number it sends from by default."),
        text("fromNumberPool", "Pool of numbers it sends from."),
        integer("apiCallLimit", "Limit of API requests; CallFire does not say for which time."),
        integer("outboundThreshold", "Calls it may have under way at the same time."),
        integer("textOutboundThreshold", "Texts it may have under way at the same time."),
        integer("maxAgents", "Agents it may have."),
        boolean("receiverPeriodEnabled", "true: one recipient gets only so many messages in a period."),
        integer("receiverPeriodCall", "Calls one recipient gets in a period."),
        integer("receiverPeriodText", "Texts one recipient gets in a period."),
        integer("receiverPeriodGlobal", "Messages of all kinds one recipient gets in a period."),
        text("receiverPeriodTimeUnit", "Length of that period.", choices=_TIME_UNITS),
        boolean("autoAddDoNotContact", "true: who answers STOP goes on the do-not-contact list by itself."),
        boolean("scrub", "true: repeated recipients are left out."),
        boolean("universal", "true: the universal do-not-contact list is kept."),
        model("localTimeZoneRestriction", "LocalTimeZoneRestriction", "Hours in which recipients may be contacted."),
        boolean("retainOnlyMetadata", "true: contents of messages are not kept."),
        integer("retainOnlyMetadataLastDetailRecordId", "Last record whose content was removed."),
        _time("retainOnlyMetadataLastModified", "When that setting last changed, as ISO 8601."),
        integer("defaultNotificationTtlMillis", "How long notices are kept, in milliseconds."),
        integer("failedVerificationAttempts", "Failed attempts to verify the account."),
        _time("tsrAgreement", "When the telemarketing rules were agreed to, as ISO 8601."),
        text("tsrInitials", "Initials of who agreed to them."),
        model("timeZone", "TimeZone", "Its time zone."),
        model("dateTimeZone", "DateTimeZone", "Its time zone, in short."),
        model("timeZoneId", "ZoneId", "Its time zone, with the rules."),
        model("locale", "Locale", "Its language and country."),
        boolean("agencyManagedAccounts", "true: an agency manages accounts with it."),
        boolean("ez", "true: opened with EZ Texting.", label="EZ"),
        text("uiContext", "Which web pages it uses."),
        model("soaAccount", "Account", "The account that pays for this one."),
    ),
)

API_CREDENTIAL = Model(
    "ApiCredential",
    "A login for programs.",
    (
        text("name", "Name to tell it from others."),
        boolean("enabled", "true: it can be used."),
        integer("id", "CallFire's id of the credential.", answered=True),
        text("username", "The API login.", answered=True),
        text("password", "The API password; shown once, when it is made. Treat it as a secret.", answered=True),
    ),
)
CALLER_ID = Model("CallerId", "A number calls may come from.", (text("phoneNumber", "The number, 11 digits."),))
CALLER_ID_VERIFICATION = Model(
    "CallerIdVerificationRequest",
    "Proof that a number is yours.",
    (text("verificationCode", "The code CallFire told you in its call."),),
)
BILLING_PLAN_USAGE = Model(
    "BillingPlanUsage",
    "What is left of the plan this month.",
    (
        number("totalRemainingCredits", "Credits left in all.", answered=True),
        number("remainingPlanCredits", "Credits left of the plan.", answered=True),
        number("remainingPayAsYouGoCredits", "Credits left that were bought extra.", answered=True),
        moment("intervalStart", "Start of the plan's month, in Unix milliseconds.", answered=True),
        moment("intervalEnd", "End of the plan's month, in Unix milliseconds.", answered=True),
    ),
)
CREDIT_USAGE = Model(
    "CreditUsage",
    "What was used in a time.",
    (
        number("creditsUsed", "Credits used.", answered=True),
        integer("callsDurationMinutes", "Minutes of calls.", answered=True),
        integer("textsSent", "Texts sent.", answered=True),
        moment("intervalBegin", "Start of the time, in Unix milliseconds.", answered=True),
        moment("intervalEnd", "End of the time, in Unix milliseconds.", answered=True),
    ),
)

DURATION = Model(
    "Duration",
    "A length of time.",
    (
        integer("millis", "In milliseconds.", label="Milliseconds"),
        integer("standardSeconds", "In whole seconds."),
        integer("standardMinutes", "In whole minutes."),
        integer("standardHours", "In whole hours."),
        integer("standardDays", "In whole days."),
    ),
)
LOCAL_TIME_ZONE_RESTRICTION = Model(
    "LocalTimeZoneRestriction",
    "Hours in which recipients may be contacted, in their own time.",
    (
        boolean("enabled", "true: it is kept."),
        _time("startTime", "From this time, as ISO 8601."),
        _time("stopTime", "Until this time, as ISO 8601."),
    ),
)
LOCALE = Model(
    "Locale",
    "Language and country.",
    (
        text("language", "Language code, e.g. en."),
        text("country", "Country code, e.g. US."),
        text("iso3Language", "Language code of three letters.", label="ISO 3 language"),
        text("iso3Country", "Country code of three letters.", label="ISO 3 country"),
        text("displayName", "Its name in words."),
        text("displayLanguage", "The language in words."),
        text("displayCountry", "The country in words."),
        text("displayScript", "The script in words."),
        text("displayVariant", "The variant in words."),
        text("script", "Script code."),
        text("variant", "Variant code."),
        texts("extensionKeys", "Keys of its extensions."),
        texts("unicodeLocaleAttributes", "Unicode attributes of it."),
        texts("unicodeLocaleKeys", "Unicode keys of it."),
    ),
)
TIME_ZONE = Model(
    "TimeZone",
    "A time zone.",
    (
        text("id", "Its name, e.g. America/Los_Angeles."),
        text("displayName", "Its name in words."),
        integer("rawOffset", "Distance from UTC in milliseconds, without daylight saving."),
        integer("dstsavings", "What daylight saving adds, in milliseconds.", label="Daylight saving"),
    ),
)
DATE_TIME_ZONE = Model(
    "DateTimeZone",
    "A time zone, in short.",
    (
        text("id", "Its name, e.g. America/Los_Angeles."),
        boolean("fixed", "true: no daylight saving."),
    ),
)
ZONE_ID = Model(
    "ZoneId",
    "A time zone with its rules.",
    (
        text("id", "Its name, e.g. America/Los_Angeles."),
        model("rules", "ZoneRules", "When its distance from UTC changes."),
    ),
)
ZONE_RULES = Model(
    "ZoneRules",
    "When a time zone's distance from UTC changes.",
    (
        boolean("fixedOffset", "true: never."),
        models("transitions", "ZoneOffsetTransition", "Each change there was."),
        models("transitionRules", "ZoneOffsetTransitionRule", "Rules by which it changes each year."),
    ),
)
ZONE_OFFSET = Model(
    "ZoneOffset",
    "A distance from UTC.",
    (
        text("id", "It as text, e.g. -08:00."),
        integer("totalSeconds", "It in seconds."),
        model("rules", "ZoneRules", "Rules of a zone that always keeps it."),
    ),
)
ZONE_OFFSET_TRANSITION = Model(
    "ZoneOffsetTransition",
    "One change of a zone's distance from UTC.",
    (
        integer("instant", "When it happens, in Unix milliseconds."),
        _time("dateTimeBefore", "Local time before it, as ISO 8601."),
        _time("dateTimeAfter", "Local time after it, as ISO 8601."),
        model("offsetBefore", "ZoneOffset", "Distance from UTC before it."),
        model("offsetAfter", "ZoneOffset", "Distance from UTC after it."),
        model("duration", "Duration", "By how much clocks move."),
        boolean("gap", "true: clocks go forward."),
        boolean("overlap", "true: clocks go back."),
    ),
)
ZONE_OFFSET_TRANSITION_RULE = Model(
    "ZoneOffsetTransitionRule",
    "A rule by which a zone's distance from UTC changes each year.",
    (
        text("month", "In this month.", choices=_MONTHS),
        integer("dayOfMonthIndicator", "On or after this day of it; counted from its end where negative."),
        text("dayOfWeek", "On this day of the week.", choices=WEEKDAYS),
        model("localTime", "LocalTime", "At this time."),
        boolean("midnightEndOfDay", "true: at the midnight that ends the day."),
        text("timeDefinition", "What the time is measured in.", choices=("UTC", "WALL", "STANDARD")),
        model("standardOffset", "ZoneOffset", "The zone's usual distance from UTC."),
        model("offsetBefore", "ZoneOffset", "Distance from UTC before."),
        model("offsetAfter", "ZoneOffset", "Distance from UTC after."),
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
