"""Available numbers and leased numbers (`/numbers`)."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from callfire_sandbox.api.models.numbers import NUMBER, NUMBER_CONFIG, NUMBER_LEASE, REGION
from callfire_sandbox.api.operation import FIELDS, Page, Parameter, Request, Result, operation, paging
from callfire_sandbox.api.resources import Filter, Resource, flag, labelled, limits
from callfire_sandbox.api.schema import BOOLEAN, STRING, items_of, page_of
from callfire_sandbox.errors import BadRequestError, NotFoundError
from callfire_sandbox.world.catalogue import REGIONS, local_numbers, matches, toll_free_numbers
from callfire_sandbox.world.phone_numbers import normal
from callfire_sandbox.world.query import Record

PLACE = tuple(Parameter(name, STRING) for name in ("prefix", "city", "state", "zipcode"))
CONFIGS = {"IVR": "ivrInboundConfig", "TRACKING": "callTrackingConfig"}
CHANGEABLE = ("autoRenew", "labels", "callFeatureStatus", "textFeatureStatus")
FEATURE_STATUSES = ("ENABLED", "DISABLED")

LEASES = Resource("number_leases", "leased number", NUMBER_LEASE)
LABEL, TOLL_FREE = labelled("labelName"), flag("tollFree")


def _at(parameter: Parameter) -> Filter:
    name = parameter.name
    return Filter(parameter, lambda value: lambda lease: matches({**NOWHERE, **lease.get("region", {})}, {name: value}))


NOWHERE = {"prefix": "", "city": "", "state": "", "zipcode": "", "country": "US"}
BY_PLACE = tuple(_at(parameter) for parameter in PLACE)


@operation("findNumbersLocal", "GET /numbers/local", *PLACE, paging()[0], FIELDS, returns=items_of(NUMBER))
def find_numbers_local(request: Request) -> Result:
    """Find local numbers"""
    if not any(request.query[parameter.name] for parameter in PLACE):
        raise BadRequestError("prefix, city, state, zipcode: at least one is required.")
    return _listed(request, local_numbers(request.world, request.query))


@operation(
    "findNumbersTollfree",
    "GET /numbers/tollfree",
    Parameter("pattern", STRING),
    paging()[0],
    FIELDS,
    returns=items_of(NUMBER),
)
def find_numbers_tollfree(request: Request) -> Result:
    """Find tollfree numbers"""
    return _listed(request, toll_free_numbers(request.world, request.query["pattern"]))


def _listed(request: Request, numbers: Iterator[Record]) -> Result:
    found = list(islice(numbers, limits(request)[1]))
    return found if request.world.switches.bare_number_lists else {"items": found}


@operation(
    "findNumberRegions",
    "GET /numbers/regions",
    *PLACE,
    Parameter("cityPrefix", STRING),
    Parameter("country", STRING),
    *paging(),
    FIELDS,
    returns=page_of(REGION),
)
def find_number_regions(request: Request) -> Record:
    """Find number regions"""
    offset, limit = limits(request)
    found = [region for region in REGIONS if matches(region, request.query)]
    paged = {"limit": limit, "offset": offset, "totalCount": len(found)}
    return {"items": found[offset : offset + limit], **paged}


@operation(
    "findNumberLeases",
    "GET /numbers/leases",
    *paging(),
    *PLACE,
    LABEL.parameter,
    Parameter("tollFree", BOOLEAN),
    FIELDS,
    returns=page_of(NUMBER_LEASE),
)
def find_number_leases(request: Request) -> Page:
    """Find leases"""
    return LEASES.page(request, (LABEL, TOLL_FREE, *BY_PLACE))


@operation("getNumberLease", "GET /numbers/leases/{number}", FIELDS, returns=NUMBER_LEASE)
def get_number_lease(request: Request) -> Record:
    """Find a specific lease"""
    return _need(request, "number_leases")


@operation("updateNumberLease", "PUT /numbers/leases/{number}", body=NUMBER_LEASE)
def update_number_lease(request: Request) -> None:
    """Update a lease"""
    lease = _need(request, "number_leases")
    values = {name: value for name, value in request.body.items() if name in CHANGEABLE}
    for name in ("callFeatureStatus", "textFeatureStatus"):
        if values.get(name, "ENABLED") not in FEATURE_STATUSES:
            raise BadRequestError(f"{name}: must be ENABLED or DISABLED.")
    request.world["number_leases"].change(lease, **values)


@operation(
    "findNumberLeaseConfigs",
    "GET /numbers/leases/configs",
    *paging(),
    *PLACE,
    LABEL.parameter,
    FIELDS,
    returns=page_of(NUMBER_CONFIG),
)
def find_number_lease_configs(request: Request) -> Record | Page:
    """Find lease configs"""
    leases = LEASES.page(request, (LABEL, *BY_PLACE))
    configs = request.world["number_configs"]
    records = [config for lease in leases.records for config in configs.where(number=lease["number"])]
    return Page(configs, records, leases.offset, leases.limit, leases.total)


@operation("getNumberLeaseConfig", "GET /numbers/leases/configs/{number}", FIELDS, returns=NUMBER_CONFIG)
def get_number_lease_config(request: Request) -> Record:
    """Find a specific lease config"""
    return _need(request, "number_configs")


@operation("updateNumberLeaseConfig", "PUT /numbers/leases/configs/{number}", body=NUMBER_CONFIG)
def update_number_lease_config(request: Request) -> None:
    """Update a lease config"""
    config = _need(request, "number_configs")
    values: dict[str, Any] = {name: value for name, value in request.body.items() if name not in ("id", "number")}
    kind = values.get("configType")
    if kind is not None and CONFIGS[kind] not in values:
        raise BadRequestError(f"configType: {kind} requires {CONFIGS[kind]}.")
    request.world["number_configs"].change(config, **values)


def _need(request: Request, table: str) -> Record:
    found = request.world[table].first(number=normal(request.path["number"]))
    if found is None:
        raise NotFoundError("This number is not leased.")
    return found
