"""Inputs that many operations share, in the same words."""

from lib.callfire.fields import boolean, integer, moment, text

FIELDS = text(
    "fields",
    "Answer only with these properties, separated by commas, nested ones in parentheses: id,message or "
    "items(id,message). "
    "A list of names is taken too. Leave it empty for all.",
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
        "Only items from this moment on: Unix milliseconds, or ISO 8601 such as 2024-05-31T09:00:00Z (UTC "
        "without a zone).",
    ),
    moment(
        "intervalEnd",
        "Only items up to this moment: Unix milliseconds, or ISO 8601 such as 2024-05-31T18:00:00Z (UTC "
        "without a zone).",
    ),
)
STRICT_VALIDATION = boolean(
    "strictValidation",
    "true: refuse the whole request when one number is bad. Otherwise CallFire decides for each recipient.",
)
CAMPAIGN_ID = integer(
    "campaignId", "Only items of this campaign (broadcast); 0 stands for those sent outside any broadcast."
)
BATCH_ID = integer("batchId", "Only items of this batch of recipients.")
