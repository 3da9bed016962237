"""Leases of numbers and keywords."""

from callfire_sandbox.world.catalogue import describe_number, region_of
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import SHORT_CODE, World

LEASE_DAYS = 30
DAY = 86_400_000


def lease_number(world: World, number: str) -> Record:
    """Lease a number and add its configuration."""
    world["number_configs"].add({"number": number, "configType": "TRACKING", "callTrackingConfig": {"recorded": False}})
    return world["number_leases"].add(
        {
            **describe_number(number, region_of(number)),
            **_term(world),
            "labels": [],
            "callFeatureStatus": "ENABLED",
            "textFeatureStatus": "ENABLED",
        }
    )


def lease_keyword(world: World, keyword: str) -> Record:
    """Lease a keyword and add its configuration."""
    world["keyword_configs"].add({"keyword": keyword, "textInboundConfig": {"forwardEnabled": False}})
    return world["keyword_leases"].add(
        {"keyword": keyword, "shortCode": SHORT_CODE, "number": SHORT_CODE, **_term(world), "labels": []}
    )


def _term(world: World) -> Record:
    begin = world.time()
    end = begin + LEASE_DAYS * DAY
    return {"leaseBegin": begin, "leaseEnd": end, "autoRenew": True, "status": "ACTIVE", "type": "PLAN"}
