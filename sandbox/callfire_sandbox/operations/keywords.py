"""Available keywords and leased keywords (`/keywords`)."""

from callfire_sandbox.api.models.numbers import KEYWORD, KEYWORD_CONFIG, KEYWORD_LEASE
from callfire_sandbox.api.operation import FIELDS, Page, Parameter, Request, operation, paging
from callfire_sandbox.api.resources import Resource, contains, labelled
from callfire_sandbox.api.schema import BOOLEAN, STRING, items_of, list_of, page_of
from callfire_sandbox.errors import BadRequestError, NotFoundError
from callfire_sandbox.world.catalogue import keyword_free
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import SHORT_CODE

CHANGEABLE = ("autoRenew", "labels", "contactListId", "doubleOptInEnabled", "optInConfirmationMessage")

LEASES = Resource("keyword_leases", "leased keyword", KEYWORD_LEASE)
FILTER, LABEL = contains("filter", "keyword"), labelled("labelName")
LEASES.find("findKeywordLeases", "GET /keywords/leases", "Find keyword leases", FILTER, LABEL)
LEASES.get("getKeywordLeaseById", "GET /keywords/leases/id/{id}", "Find a keyword by id")


@operation("findKeywords", "GET /keywords", Parameter("keywords", list_of(STRING)), returns=items_of(KEYWORD))
def find_keywords(request: Request) -> Record:
    """Find keywords"""
    wanted = request.query["keywords"]
    if not wanted:
        raise BadRequestError("keywords: at least one keyword is required.")
    free = [word.upper() for word in wanted if keyword_free(request.world, word)]
    return {"items": [{"keyword": word, "shortCode": SHORT_CODE, "number": SHORT_CODE} for word in free]}


@operation("isKeywordAvailable", "GET /keywords/{keyword}/available", returns=BOOLEAN)
def is_keyword_available(request: Request) -> bool:
    """Check for a specific keyword"""
    return keyword_free(request.world, request.path["keyword"])


@operation("getKeywordLease", "GET /keywords/leases/{keyword}", FIELDS, returns=KEYWORD_LEASE)
def get_keyword_lease(request: Request) -> Record:
    """Find a specific lease"""
    return _need(request, "keyword_leases")


@operation("updateKeywordLease", "PUT /keywords/leases/{keyword}", body=KEYWORD_LEASE)
def update_keyword_lease(request: Request) -> None:
    """Update a lease"""
    lease = _need(request, "keyword_leases")
    values = {name: value for name, value in request.body.items() if name in CHANGEABLE}
    if "contactListId" in values and request.world["contact_lists"].get(values["contactListId"]) is None:
        raise BadRequestError(f"contactListId: there is no contact list with id {values['contactListId']}.")
    request.world["keyword_leases"].change(lease, **values)


@operation(
    "findKeywordLeaseConfigs",
    "GET /keywords/leases/configs",
    *paging(20),
    FILTER.parameter,
    LABEL.parameter,
    FIELDS,
    returns=page_of(KEYWORD_CONFIG),
)
def find_keyword_lease_configs(request: Request) -> Page:
    """Find keyword lease configs"""
    leases = LEASES.page(request, (FILTER, LABEL))
    configs = request.world["keyword_configs"]
    records = [config for lease in leases.records for config in configs.where(keyword=lease["keyword"])]
    return Page(configs, records, leases.offset, leases.limit, leases.total)


@operation("getKeywordLeaseConfig", "GET /keywords/leases/configs/{keyword}", FIELDS, returns=KEYWORD_CONFIG)
def get_keyword_lease_config(request: Request) -> Record:
    """Find a specific keyword lease config"""
    return _need(request, "keyword_configs")


@operation("updateKeywordLeaseConfig", "PUT /keywords/leases/configs/{keyword}", body=KEYWORD_CONFIG)
def update_keyword_lease_config(request: Request) -> None:
    """Update a keyword lease config"""
    values = {name: value for name, value in request.body.items() if name == "textInboundConfig"}
    request.world["keyword_configs"].change(_need(request, "keyword_configs"), **values)


def _need(request: Request, table: str) -> Record:
    found = request.world[table].first(keyword=request.path["keyword"].upper())
    if found is None:
        raise NotFoundError("This keyword is not leased.")
    return found
