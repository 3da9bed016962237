"""Inputs that many operations have in common."""

from lib.callfire.operation.fields import boolean, integer, moment, phone, text

MERGE_FIELDS = "It may contain merge fields such as ${contact.firstName}."
FIELDS = text(
    "fields",
    "Properties to return: a list, or a text with commas and parentheses, e.g. id,message or items(id,message). "
    "Default: all.",
    joined=True,
)
LIMIT = integer(
    "limit",
    "Maximum number of items. With limit or offset, one page is read. Default: all pages are read.",
    limits={"minimum": 1, "maximum": 2**31 - 1},
)
OFFSET = integer(
    "offset",
    "Number of items to skip. With limit or offset, one page is read. Default: all pages are read.",
    limits={"minimum": 0, "maximum": 2**31 - 1},
)
PAGE = (LIMIT, OFFSET)
INTERVAL = (
    moment(
        "intervalBegin",
        "Earliest time of an item: Unix milliseconds, or ISO 8601, e.g. 2024-05-31T09:00:00Z (UTC without a time "
        "zone).",
    ),
    moment(
        "intervalEnd",
        "Latest time of an item: Unix milliseconds, or ISO 8601, e.g. 2024-05-31T18:00:00Z (UTC without a time zone).",
    ),
)
STATS_INTERVAL = (
    moment("begin", "Start of the interval: Unix milliseconds, or ISO 8601 (UTC without a time zone)."),
    moment("end", "End of the interval: Unix milliseconds, or ISO 8601 (UTC without a time zone)."),
)
STRICT_VALIDATION = boolean(
    "strictValidation",
    "true: CallFire rejects the whole request if one number is invalid. Default: false, each recipient is validated.",
    default=False,
)
START = boolean(
    "start",
    "true: start the broadcast immediately. Default: false, a schedule or a start action starts the broadcast.",
    default=False,
)
CAMPAIGN_ID = integer("campaignId", "Only items of this broadcast. 0: items without a broadcast.")
BATCH_ID = integer("batchId", "Only items of this batch of recipients.")
BROADCAST_ID = integer("id", "ID of the broadcast.")
CONTACT_LIST_ID = integer("id", "ID of the contact list.")
SOUND_ID = integer("id", "ID of the sound.")
FROM_NUMBER = phone("fromNumber", "Only items from this number: 11 digits, e.g. 12132000384, or a short code.")
TO_NUMBER = phone("toNumber", "Only items to this number: 11 digits, e.g. 12132000384, or a short code.")
LEASED_NUMBER = phone("number", "Leased number, 11 digits, e.g. 12132000384.")
LEASED_KEYWORD = text("keyword", "Leased keyword.")
STATES = text(
    "states",
    "Only items in one of these states: a list, or a text with commas. Allowed: READY, SELECTED, CALLBACK, FINISHED, "
    "DISABLED, DNC, DUP, INVALID, TIMEOUT, PERIOD_LIMIT.",
    joined=True,
)
PLACE = (
    text("prefix", "First 4 to 7 digits of the number, with country code, e.g. 1213."),
    text("city", "City of the number."),
    text("state", "State of the number, two letters, e.g. CA."),
    text("zipcode", "ZIP code of the number, 5 digits."),
)
LABEL_NAME = text("labelName", "Only items with this label.")
DO_NOT_CONTACT_NUMBER = phone("number", "Phone number, 11 digits, e.g. 12132000384.")
