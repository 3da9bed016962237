"""Dates, times, time zones and locales, as the account and schedules contain them."""

from callfire_sandbox.api.models.enums import DAYS
from callfire_sandbox.api.schema import BOOLEAN, DATE_TIME, INT, LONG, STRING, about, list_of, model, one_of, ref

model(
    "Duration",
    "A length of time in several units.",
    millis=about(LONG, "The length in milliseconds."),
    standardDays=about(LONG, "The length in days."),
    standardHours=about(LONG, "The length in hours."),
    standardMinutes=about(LONG, "The length in minutes."),
    standardSeconds=about(LONG, "The length in seconds."),
)
model(
    "DateTimeZone",
    "A time zone by name.",
    fixed=about(BOOLEAN, "Whether the offset from UTC never changes."),
    id=about(STRING, "IANA name, for example America/Los_Angeles."),
)
model(
    "TimeZone",
    "A time zone with its offset.",
    displayName=about(STRING, "Name for display."),
    dstsavings=about(INT, "Daylight saving offset in milliseconds."),
    id=about(STRING, "IANA name, for example America/Los_Angeles."),
    rawOffset=about(INT, "Standard offset from UTC in milliseconds."),
)
model(
    "Locale",
    "A language and a country.",
    country=about(STRING, "Country code, for example US."),
    displayCountry=about(STRING, "Country for display."),
    displayLanguage=about(STRING, "Language for display."),
    displayName=about(STRING, "Locale for display."),
    displayScript=about(STRING, "Script for display."),
    displayVariant=about(STRING, "Variant for display."),
    extensionKeys=about(list_of(STRING, unique=True), "Keys of extensions."),
    iso3Country=about(STRING, "Country code with three letters."),
    iso3Language=about(STRING, "Language code with three letters."),
    language=about(STRING, "Language code, for example en."),
    script=about(STRING, "Script code."),
    unicodeLocaleAttributes=about(list_of(STRING, unique=True), "Unicode locale attributes."),
    unicodeLocaleKeys=about(list_of(STRING, unique=True), "Unicode locale keys."),
    variant=about(STRING, "Variant code."),
)
model(
    "LocalTimeZoneRestriction",
    "Recipients are contacted only in these hours.",
    enabled=about(BOOLEAN, "Whether the restriction applies."),
    startTime=about(DATE_TIME, "Time from which recipients may be contacted."),
    stopTime=about(DATE_TIME, "Time until which recipients may be contacted."),
)
model(
    "ZoneId",
    "A time zone with its rules.",
    id=about(STRING, "IANA name."),
    rules=ref("ZoneRules", "Rules of the zone."),
)
model(
    "ZoneRules",
    "Rules by which the offset of a time zone changes.",
    fixedOffset=about(BOOLEAN, "Whether the offset never changes."),
    transitionRules=about(list_of(ref("ZoneOffsetTransitionRule")), "Rules for future transitions."),
    transitions=about(list_of(ref("ZoneOffsetTransition")), "Known transitions."),
)
model(
    "ZoneOffset",
    "An offset from UTC.",
    id=about(STRING, "The offset as text, for example -08:00."),
    rules=ref("ZoneRules", "Rules of the offset."),
    totalSeconds=about(INT, "The offset in seconds."),
)
model(
    "ZoneOffsetTransition",
    "A change of offset.",
    dateTimeAfter=about(DATE_TIME, "Local time after the change."),
    dateTimeBefore=about(DATE_TIME, "Local time before the change."),
    duration=ref("Duration", "Size of the change."),
    gap=about(BOOLEAN, "Whether local times are skipped."),
    instant=about(LONG, "Time of the change."),
    offsetAfter=ref("ZoneOffset", "Offset after the change."),
    offsetBefore=ref("ZoneOffset", "Offset before the change."),
    overlap=about(BOOLEAN, "Whether local times occur twice."),
)
model(
    "ZoneOffsetTransitionRule",
    "A rule for yearly changes of offset.",
    dayOfMonthIndicator=about(INT, "Day of the month, or a negative number from its end."),
    dayOfWeek=about(one_of(*DAYS), "Day of the week."),
    localTime=ref("LocalTime", "Local time of the change."),
    midnightEndOfDay=about(BOOLEAN, "Whether midnight means the end of the day."),
    month=about(
        one_of(
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
        "Month of the change.",
    ),
    offsetAfter=ref("ZoneOffset", "Offset after the change."),
    offsetBefore=ref("ZoneOffset", "Offset before the change."),
    standardOffset=ref("ZoneOffset", "Standard offset."),
    timeDefinition=about(one_of("UTC", "WALL", "STANDARD"), "How the local time is meant."),
)
model(
    "LocalDate",
    "A date.",
    day=about(INT, "Day, 1 to 31."),
    month=about(INT, "Month, 1 to 12."),
    year=about(INT, "Year, for example 2026."),
)
model(
    "LocalTime",
    "A time of day.",
    hour=about(INT, "Hour, 0 to 23."),
    minute=about(INT, "Minute, 0 to 59."),
    nano=about(INT, "Nanosecond."),
    second=about(INT, "Second, 0 to 59."),
)
