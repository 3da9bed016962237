"""Numbers and keywords that can be ordered."""

import re
from collections.abc import Iterator
from typing import Any

from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world.phone_numbers import national, normal
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World

TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
KEYWORD = re.compile(r"[A-Za-z0-9]{3,64}")

_REGIONS = (
    # area code, city, state, zip code, latitude, longitude, LATA, time zone
    ("213", "LOS ANGELES", "CA", "90001", 33.97, -118.24, "730", "America/Los_Angeles"),
    ("415", "SAN FRANCISCO", "CA", "94102", 37.78, -122.42, "722", "America/Los_Angeles"),
    ("206", "SEATTLE", "WA", "98101", 47.61, -122.33, "674", "America/Los_Angeles"),
    ("602", "PHOENIX", "AZ", "85001", 33.45, -112.07, "666", "America/Phoenix"),
    ("303", "DENVER", "CO", "80201", 39.75, -104.99, "656", "America/Denver"),
    ("214", "DALLAS", "TX", "75201", 32.79, -96.80, "552", "America/Chicago"),
    ("312", "CHICAGO", "IL", "60601", 41.89, -87.62, "358", "America/Chicago"),
    ("305", "MIAMI", "FL", "33101", 25.78, -80.20, "460", "America/New_York"),
    ("404", "ATLANTA", "GA", "30301", 33.75, -84.39, "438", "America/New_York"),
    ("212", "NEW YORK", "NY", "10001", 40.75, -74.00, "132", "America/New_York"),
    ("617", "BOSTON", "MA", "02108", 42.36, -71.06, "128", "America/New_York"),
    ("202", "WASHINGTON", "DC", "20001", 38.91, -77.02, "236", "America/New_York"),
)

REGIONS: tuple[Record, ...] = tuple(
    {
        "prefix": f"1{area}",
        "city": city,
        "state": state,
        "zipcode": zipcode,
        "country": "US",
        "lata": lata,
        "rateCenter": city,
        "latitude": latitude,
        "longitude": longitude,
        "timeZone": zone,
    }
    for area, city, state, zipcode, latitude, longitude, lata, zone in _REGIONS
)


def matches(region: Record, query: dict[str, Any]) -> bool:
    """Return whether a region matches the prefix, city, state, zip code and country of a request."""
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
    """Return the region with the nearest zip code. Raises BadRequestError for an invalid zip code."""
    if not re.fullmatch(r"[0-9]{5}", zipcode):
        raise BadRequestError("zipcode: the value must have 5 digits.")
    return min(REGIONS, key=lambda region: abs(int(region["zipcode"]) - int(zipcode)))


def local_numbers(world: World, query: dict[str, Any]) -> Iterator[Record]:
    """Yield free local numbers. If no region has the zip code, the nearest region is used."""
    regions = [region for region in REGIONS if matches(region, query)]
    if not regions and query.get("zipcode"):
        regions = [nearest(query["zipcode"])]
    prefix = query.get("prefix") or ""
    prefix = prefix if prefix.startswith("1") else f"1{prefix}"
    for line in range(200, 1000):
        for region in regions:
            number = f"{region['prefix']}5550{line}"
            if number.startswith(prefix) and not world["number_leases"].where(number=number):
                yield describe_number(number, region)


def toll_free_numbers(world: World, pattern: str | None) -> Iterator[Record]:
    """Yield free toll-free numbers whose code matches a pattern such as 8** or 85*."""
    if pattern is not None and not re.fullmatch(r"[0-9][0-9*]\*", pattern):
        raise BadRequestError("pattern: the value must be 3 characters long and end with *, for example 85*.")
    wanted = re.compile((pattern or "***").replace("*", r"\d"))
    for line in range(200, 1000):
        for code in TOLL_FREE:
            number = f"1{code}5550{line}"
            if wanted.fullmatch(code) and not world["number_leases"].where(number=number):
                yield describe_number(number, None)


def describe_number(number: str, region: Record | None) -> Record:
    """Return a number with its formats and region (schema Number). A number without a region is toll-free."""
    about = {"number": number, "nationalFormat": national(number), "tollFree": region is None}
    return {**about, "region": region} if region else about


def region_of(number: str) -> Record | None:
    """Return the region of a number, or None for a toll-free number."""
    if number[1:4] in TOLL_FREE:
        return None
    return next((region for region in REGIONS if number.startswith(region["prefix"])), {"prefix": number[:4]})


def keyword_free(world: World, keyword: str) -> bool:
    """Return whether a keyword is valid and not leased."""
    return KEYWORD.fullmatch(keyword) is not None and not world["keyword_leases"].where(keyword=keyword.upper())


def chosen_numbers(world: World, given: list[str]) -> dict[str, list[str]]:
    """Return {localNumbers, tollFreeNumbers}. Raises BadRequestError for a number that is not available."""
    items: dict[str, list[str]] = {"localNumbers": [], "tollFreeNumbers": []}
    for text in given:
        number = normal(text)
        if number is None or world["number_leases"].where(number=number):
            raise BadRequestError(f"numbers: {text[:20]} is not available.")
        items["tollFreeNumbers" if number[1:4] in TOLL_FREE else "localNumbers"].append(number)
    return {name: list(dict.fromkeys(numbers)) for name, numbers in items.items()}
