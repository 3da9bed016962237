"""Orders of numbers and keywords (`/orders`)."""

from itertools import islice

from callfire_sandbox.api.models.common import RESOURCE_ID
from callfire_sandbox.api.models.numbers import KEYWORD_PURCHASE_REQUEST, NUMBER_ORDER, NUMBER_PURCHASE_REQUEST
from callfire_sandbox.api.operation import FIELDS, Parameter, Request, operation
from callfire_sandbox.api.resources import Filter, Resource
from callfire_sandbox.api.schema import STRING, list_of
from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world.catalogue import chosen_numbers, keyword_free, local_numbers, toll_free_numbers
from callfire_sandbox.world.ordering import MAX_NUMBERS, order
from callfire_sandbox.world.query import Record, Test


def _statuses(values: list[str]) -> Test:
    wanted = set(values)
    return lambda record: record["status"] in wanted


ORDERS = Resource("orders", "order", NUMBER_ORDER)
ORDERS.find(
    "findOrders",
    "GET /orders",
    "Find orders",
    Filter(Parameter("status", list_of(STRING)), _statuses),
    limit=20,
    by_time=True,
)
ORDERS.get("getOrder", "GET /orders/{id}", "Find a specific order")


@operation(
    "orderNumbers", "POST /orders/numbers", FIELDS, body=NUMBER_PURCHASE_REQUEST, returns=RESOURCE_ID, status=201
)
def order_numbers(request: Request) -> Record:
    """Purchase numbers"""
    world, given = request.world, request.body
    counts = {"localCount": given.get("localCount", 0), "tollFreeCount": given.get("tollFreeCount", 0)}
    if any(not 0 <= count <= MAX_NUMBERS for count in counts.values()):
        raise BadRequestError(f"localCount, tollFreeCount: must be from 0 to {MAX_NUMBERS}.")
    if given.get("numbers"):
        return {"id": order(world, chosen_numbers(world, given["numbers"]))["id"]}
    if not any(counts.values()):
        raise BadRequestError("The body must contain numbers, localCount or tollFreeCount.")
    local = [entry["number"] for entry in islice(local_numbers(world, given), counts["localCount"])]
    toll_free = [entry["number"] for entry in islice(toll_free_numbers(world, None), counts["tollFreeCount"])]
    if (len(local), len(toll_free)) != tuple(counts.values()):
        raise BadRequestError("Not enough numbers are available. Order fewer numbers or change the filters.")
    return {"id": order(world, {"localNumbers": local, "tollFreeNumbers": toll_free})["id"]}


@operation(
    "orderKeywords", "POST /orders/keywords", FIELDS, body=KEYWORD_PURCHASE_REQUEST, returns=RESOURCE_ID, status=201
)
def order_keywords(request: Request) -> Record:
    """Purchase keywords"""
    keywords = [keyword.upper() for keyword in request.body.get("keywords", ())]
    if not keywords:
        raise BadRequestError("keywords: at least one keyword is required.")
    for keyword in keywords:
        if not keyword_free(request.world, keyword):
            raise BadRequestError(f"keywords: {keyword[:64]} is not available.")
    return {"id": order(request.world, {"keywords": list(dict.fromkeys(keywords))})["id"]}
