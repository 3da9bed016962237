"""Inputs that many operations share, in the same words."""

from lib.callfire.operation.fields import boolean, integer, moment, phone, text

FIELDS = text(
    "fields",
    "Answer only with these properties, separated by commas, nested ones in parentheses: id,message or "
    "items(id,message). A list of names is taken too. Leave it empty for all.",
    joined=True,
)
LIMIT = integer(
    "limit",
    "Fetch one page with at most this many items. Leave limit and offset empty to get all pages.",
    limits={"minimum": 1, "maximum": 2**31 - 1},
)
OFFSET = integer(
    "offset",
    "Fetch one page that starts after this many items. Leave limit and offset empty to get all pages.",
    limits={"minimum": 0, "maximum": 2**31 - 1},
)
PAGE = (LIMIT, OFFSET)
INTERVAL = (
    moment(
        "intervalBegin",
        "Only items from this moment on: Unix milliseconds, or ISO 8601 such as 2024-05-31T09:00:00Z (UTC without a "
        "zone).",
    ),
    moment(
        "intervalEnd",
        "Only items up to this moment: Unix milliseconds, or ISO 8601 such as 2024-05-31T18:00:00Z (UTC "
        "without a zone).",
    ),
)
STATS_INTERVAL = (
    moment("begin", "Count from this moment on: Unix milliseconds, or ISO 8601 (UTC without a zone)."),
    moment("end", "Count up to this moment: Unix milliseconds, or ISO 8601 (UTC without a zone)."),
)
STRICT_VALIDATION = boolean(
    "strictValidation",
    "true: refuse the whole request when one number is bad. Otherwise CallFire decides for each recipient.",
)
START = boolean("start", "true: start the broadcast at once. Otherwise it waits for its schedule, or to be started.")
CAMPAIGN_ID = integer(
    "campaignId", "Only items of this campaign (broadcast); 0 stands for those sent outside any broadcast."
)
BATCH_ID = integer("batchId", "Only items of this batch of recipients.")
BROADCAST_ID = integer("id", "ID of the broadcast.")
CONTACT_LIST_ID = integer("id", "ID of the contact list.")
SOUND_ID = integer("id", "ID of the sound.")
FROM_NUMBER = phone("fromNumber", "Only those from this number: 11 digits, e.g. 12132000384, or a short code.")
TO_NUMBER = phone("toNumber", "Only those to this number: 11 digits, e.g. 12132000384, or a short code.")
LEASED_NUMBER = phone("number", "The leased number, 11 digits, e.g. 12132000384.")
LEASED_KEYWORD = text("keyword", "The leased keyword.")
STATES = text(
    "states",
    "Only those in one of these states, separated by commas: READY, SELECTED, CALLBACK, FINISHED, DISABLED, DNC, DUP, "
    "INVALID, TIMEOUT, PERIOD_LIMIT. A list is taken too.",
    joined=True,
)
PLACE = (
    text("prefix", "First 4 to 7 digits of the number, country code included, e.g. 1213."),
    text("city", "City the number belongs to."),
    text("state", "State the number belongs to, two letters, e.g. CA."),
    text("zipcode", "ZIP code the number belongs to, 5 digits."),
)
LABEL_NAME = text("labelName", "Only those with this label.")
DO_NOT_CONTACT_NUMBER = phone("number", "The number, 11 digits, e.g. 12132000384.")
