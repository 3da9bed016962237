"""Orders of numbers and keywords (`/orders`)."""

from itertools import islice

from sandbox.api.models.common import RESOURCE_ID
from sandbox.api.models.numbers import KEYWORD_PURCHASE_REQUEST, NUMBER_ORDER, NUMBER_PURCHASE_REQUEST
from sandbox.api.operation import FIELDS, Parameter, Request, operation
from sandbox.api.resources import Filter, Kind
from sandbox.api.schema import STRING, list_of
from sandbox.errors import BadRequest
from sandbox.world.catalogue import (
    MOST_AT_ONCE,
    chosen_numbers,
    keyword_free,
    local_numbers,
    order,
    toll_free_numbers,
)
from sandbox.world.query import Record

ORDERS = Kind("orders", "order", NUMBER_ORDER)
ORDERS.find(
    "findOrders",
    "GET /orders",
    "Find orders",
    Filter(Parameter("status", list_of(STRING)), lambda values: lambda record: record["status"] in values),
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
    if any(not 0 <= count <= MOST_AT_ONCE for count in counts.values()):
        raise BadRequest(f"localCount and tollFreeCount must be between 0 and {MOST_AT_ONCE}")
    if given.get("numbers"):
        return {"id": order(world, chosen_numbers(world, given["numbers"]))["id"]}
    if not any(counts.values()):
        raise BadRequest("give numbers, or a localCount or tollFreeCount")
    local = [entry["number"] for entry in islice(local_numbers(world, given), counts["localCount"])]
    toll_free = [entry["number"] for entry in islice(toll_free_numbers(world, None), counts["tollFreeCount"])]
    if (len(local), len(toll_free)) != tuple(counts.values()):
        raise BadRequest("there are not as many numbers to be had")
    return {"id": order(world, {"localNumbers": local, "tollFreeNumbers": toll_free})["id"]}


@operation(
    "orderKeywords", "POST /orders/keywords", FIELDS, body=KEYWORD_PURCHASE_REQUEST, returns=RESOURCE_ID, status=201
)
def order_keywords(request: Request) -> Record:
    """Purchase keywords"""
    keywords = [keyword.upper() for keyword in request.body.get("keywords", ())]
    if not keywords:
        raise BadRequest("at least one keyword is required")
    for keyword in keywords:
        if not keyword_free(request.world, keyword):
            raise BadRequest(f"the keyword {keyword[:64]} is not available")
    return {"id": order(request.world, {"keywords": list(dict.fromkeys(keywords))})["id"]}
