"""Single texts (`/texts`)."""

from typing import Any

from callfire_sandbox.api.models.messages import TEXT, TEXT_RECIPIENT
from callfire_sandbox.api.operation import FIELDS, STRICT, Parameter, Request, operation
from callfire_sandbox.api.resources import Resource, equals, flag, identities, labelled, words
from callfire_sandbox.api.schema import LONG, STRING, items_of, list_of
from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.table import public
from callfire_sandbox.world.texting import send


def visible(record: Record) -> bool:
    """Return whether find operations show a text or call."""
    return not record["_"].get("hidden")


ACTION_FILTERS = (
    identities(),
    equals("campaignId", LONG, index=True),
    equals("batchId", LONG, index=True),
    equals("fromNumber", index=True),
    equals("toNumber", index=True),
    labelled(),
    words("states", "state"),
)
"""The filters that texts and calls share. The filters for results and for inbound items follow them."""

TEXTS = Resource("texts", "text", TEXT, listed=visible, order=None, interval_field=None)
TEXTS.find(
    "findTexts",
    "GET /texts",
    "Find texts",
    *ACTION_FILTERS,
    words("results", "finalTextResult"),
    flag("inbound"),
    limit=10,
    by_time=True,
)
TEXTS.get("getText", "GET /texts/{id}", "Find a specific text")


@operation(
    "sendTexts",
    "POST /texts",
    FIELDS,
    Parameter("campaignId", LONG),
    Parameter("defaultMessage", STRING),
    STRICT,
    body=list_of(TEXT_RECIPIENT),
    returns=items_of(TEXT),
)
def send_texts(request: Request) -> dict[str, Any]:
    """Send texts"""
    world, query = request.world, request.query
    if not request.body:
        raise BadRequestError("The body must contain at least one recipient.")
    number = query["campaignId"]
    campaign = world.need("text_broadcasts", number, "text broadcast") if number else None
    texts = send(
        world, request.body, campaign=campaign, message=query["defaultMessage"], strict=query["strictValidation"]
    )
    return {"items": [public(text) for text in texts]}
