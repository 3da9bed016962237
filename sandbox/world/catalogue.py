"""The numbers and keywords that can be ordered, and how an order is carried out."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.errors import BadRequest
from sandbox.world.billing import KEYWORD_COST, NUMBER_COST, charge
from sandbox.world.phone import national, normal
from sandbox.world.query import Record
from sandbox.world.state import SHORT_CODE, World
from sandbox.world.tasks import task

LEASE_DAYS = 30
DAY = 86_400_000
MOST_AT_ONCE = 500
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
KEYWORD = re.compile(r"[A-Za-z0-9]{3,64}")

_REGIONS = (
    # area code, city, state, zip code, latitude, longitude, time zone
    ("213", "LOS ANGELES", "CA", "90001", 33.97, -118.24, "America/Los_Angeles"),
    ("415", "SAN FRANCISCO", "CA", "94102", 37.78, -122.42, "America/Los_Angeles"),
    ("206", "SEATTLE", "WA", "98101", 47.61, -122.33, "America/Los_Angeles"),
    ("602", "PHOENIX", "AZ", "85001", 33.45, -112.07, "America/Phoenix"),
    ("303", "DENVER", "CO", "80201", 39.75, -104.99, "America/Denver"),
    ("214", "DALLAS", "TX", "75201", 32.79, -96.80, "America/Chicago"),
    ("312", "CHICAGO", "IL", "60601", 41.89, -87.62, "America/Chicago"),
    ("305", "MIAMI", "FL", "33101", 25.78, -80.20, "America/New_York"),
    ("404", "ATLANTA", "GA", "30301", 33.75, -84.39, "America/New_York"),
    ("212", "NEW YORK", "NY", "10001", 40.75, -74.00, "America/New_York"),
    ("617", "BOSTON", "MA", "02108", 42.36, -71.06, "America/New_York"),
    ("202", "WASHINGTON", "DC", "20001", 38.91, -77.02, "America/New_York"),
)

REGIONS: tuple[Record, ...] = tuple(
    {
        "prefix": f"1{area}",
        "city": city,
        "state": state,
        "zipcode": zipcode,
        "country": "US",
        "latitude": latitude,
        "longitude": longitude,
        "timeZone": zone,
    }
    for area, city, state, zipcode, latitude, longitude, zone in _REGIONS
)


def matches(region: Record, query: dict[str, Any]) -> bool:
    """Whether a region is meant by the prefix, city, state, zip code and country of a request."""
    prefix, zipcode = query.get("prefix") or "", query.get("zipcode")
    return (
        (region["prefix"].startswith(prefix[:4]) or prefix[:3] == region["prefix"][1:])
        and (query.get("city") or "").upper() in region["city"]
        and region["city"].startswith((query.get("cityPrefix") or "").upper())
        and (query.get("state") or region["state"]).upper() == region["state"]
        and (query.get("country") or region["country"]).upper() == region["country"]
        and (zipcode is None or zipcode == region["zipcode"])
    )


def nearest(zipcode: str) -> Record:
    """The region whose zip code is next to this one."""
    if not re.fullmatch(r"\d{5}", zipcode):
        raise BadRequest("zipcode must have 5 digits")
    return min(REGIONS, key=lambda region: abs(int(region["zipcode"]) - int(zipcode)))


def local_numbers(world: World, query: dict[str, Any]) -> Iterator[Record]:
    """Local numbers that are free; where no region has the zip code, those of the nearest one."""
    regions = [region for region in REGIONS if matches(region, query)]
    if not regions and query.get("zipcode"):
        regions = [nearest(query["zipcode"])]
    prefix = query.get("prefix") or ""
    prefix = prefix if prefix.startswith("1") else f"1{prefix}"
    for line in range(200, 1000):
        for region in regions:
            number = f"{region['prefix']}5550{line}"
            if number.startswith(prefix) and not world["number_leases"].where(number=number):
                yield described(number, region)


def toll_free_numbers(world: World, pattern: str | None) -> Iterator[Record]:
    """Toll-free numbers that are free and whose code fits the pattern, such as 8** or 85*."""
    if pattern is not None and not re.fullmatch(r"\d[\d*]\*", pattern):
        raise BadRequest("pattern must be 3 characters long and end with *")
    wanted = re.compile((pattern or "***").replace("*", r"\d"))
    for line in range(200, 1000):
        for code in TOLL_FREE:
            number = f"1{code}5550{line}"
            if wanted.fullmatch(code) and not world["number_leases"].where(number=number):
                yield described(number, None)


def described(number: str, region: Record | None) -> Record:
    """A number as CallFire describes it."""
    about = {"number": number, "nationalFormat": national(number), "tollFree": region is None}
    return {**about, "region": region} if region else about


def region_of(number: str) -> Record | None:
    """Where a number is at home; None if it is toll-free."""
    if number[1:4] in TOLL_FREE:
        return None
    return next((region for region in REGIONS if number.startswith(region["prefix"])), {"prefix": number[:4]})


def lease_number(world: World, number: str) -> Record:
    """Lease a number, with its settings."""
    world["number_configs"].add({"number": number, "configType": "TRACKING", "callTrackingConfig": {"recorded": False}})
    return world["number_leases"].add(
        {
            **described(number, region_of(number)),
            **_term(world),
            "labels": [],
            "callFeatureStatus": "ENABLED",
            "textFeatureStatus": "ENABLED",
        }
    )


def lease_keyword(world: World, keyword: str) -> Record:
    """Lease a keyword, with its settings."""
    world["keyword_configs"].add({"keyword": keyword, "textInboundConfig": {"forwardEnabled": False}})
    return world["keyword_leases"].add(
        {"keyword": keyword, "shortCode": SHORT_CODE, "number": SHORT_CODE, **_term(world), "labels": []}
    )


def _term(world: World) -> Record:
    begin = world.time()
    end = begin + LEASE_DAYS * DAY
    return {"leaseBegin": begin, "leaseEnd": end, "autoRenew": True, "status": "ACTIVE", "type": "PLAN"}


def keyword_free(world: World, keyword: str) -> bool:
    """Whether a keyword is one, and nobody has it."""
    return KEYWORD.fullmatch(keyword) is not None and not world["keyword_leases"].where(keyword=keyword.upper())


def order(world: World, items: dict[str, list[str]]) -> Record:
    """Order numbers and keywords and pay for them; they are leased a little later. Raises Forbidden."""
    unit = {"keywords": KEYWORD_COST}
    wanted = {name: values for name, values in items.items() if values}
    total = sum(unit.get(name, NUMBER_COST) * len(values) for name, values in wanted.items())
    charge(world, total)
    made = world["orders"].add(
        {
            "status": "PROCESSING",
            "created": world.time(),
            "totalCost": total,
            "salesTax": 0.0,
            "summary": total,
            "total": total,
            **{
                name: {"ordered": len(values), "unitCost": unit.get(name, NUMBER_COST), "fulfilled": []}
                for name, values in wanted.items()
            },
        }
    )
    world.later(world.switches.order_takes, fulfil, number=made["id"], items=wanted)
    return made


@task
def fulfil(world: World, number: int, items: dict[str, list[str]]) -> None:
    """Lease what was ordered and is still free; what somebody else was faster with is paid back."""
    made = world["orders"].get(number)
    if made is None:
        return
    lease: dict[str, Callable[[World, str], Record]] = {"keywords": lease_keyword}
    missed = 0.0
    done = {}
    for name, values in items.items():
        table, field = ("keyword_leases", "keyword") if name == "keywords" else ("number_leases", "number")
        free = [value for value in values if not world[table].where(**{field: value})]
        for value in free:
            lease.get(name, lease_number)(world, value)
        missed += made[name]["unitCost"] * (len(values) - len(free))
        done[name] = {**made[name], "fulfilled": free}
    charge(world, -missed)
    world["orders"].change(made, status="PARTIALLY_ADJUSTED" if missed else "FINISHED", **done)


def chosen_numbers(world: World, given: list[str]) -> dict[str, list[str]]:
    """Numbers ordered by name, by kind. Raises BadRequest for one that is not to be had."""
    items: dict[str, list[str]] = {"localNumbers": [], "tollFreeNumbers": []}
    for text in given:
        number = normal(text)
        if number is None or world["number_leases"].where(number=number):
            raise BadRequest(f"the number {text[:20]} is not available")
        items["tollFreeNumbers" if number[1:4] in TOLL_FREE else "localNumbers"].append(number)
    return {name: list(dict.fromkeys(numbers)) for name, numbers in items.items()}
