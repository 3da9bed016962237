"""Delivery reports (`/reports/delivery`)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from callfire_sandbox.api.models.messages import DELIVERY_REPORT
from callfire_sandbox.api.operation import Parameter, Request, operation, paging
from callfire_sandbox.api.resources import Filter, Resource, contains, equals
from callfire_sandbox.api.schema import LONG, MODELS, STRING, page_of
from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world.delivery_reports import report
from callfire_sandbox.world.query import Record, Test


def _reported(name: str) -> Filter:
    """Return a filter for a field of the report."""
    schema = MODELS["DeliveryReport"]["properties"][name]
    return Filter(Parameter(name, schema), lambda value: lambda text: report(text)[name] == value)


def _date(name: str, test: Callable[[int, int], bool]) -> Filter:
    """Return a filter for the time of the report, given in ISO 8601 or as a date."""

    def prepare(value: str) -> Test:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise BadRequestError(f"{name}: must be a date or time in ISO 8601.") from error
        limit = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
        return lambda text: test(text["modified"], limit)

    return Filter(Parameter(name, STRING), prepare)


TEXTS = Resource("texts", "text", DELIVERY_REPORT, listed=lambda text: not text["inbound"])
FILTERS = (
    _date("startDate", lambda time, limit: time >= limit),
    _date("endDate", lambda time, limit: time <= limit),
    equals("campaignId", LONG, index=True),
    equals("fromNumber", index=True),
    equals("toNumber", index=True),
    _reported("deliveryCategory"),
    _reported("deliveryState"),
    _reported("carrier"),
    contains("messageText", "message"),
)


@operation(
    "getDeliveryReports",
    "GET /reports/delivery",
    *(entry.parameter for entry in FILTERS),
    *paging(),
    returns=page_of(DELIVERY_REPORT),
)
def get_delivery_reports(request: Request) -> Record:
    """Get delivery reports by ad hoc criteria"""
    page = TEXTS.page(request, FILTERS)
    around: dict[str, Any] = {"limit": page.limit, "offset": page.offset, "totalCount": page.total}
    return {"items": [report(text) for text in page.records], **around}
