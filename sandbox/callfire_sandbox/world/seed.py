"""The initial state: an account with credits, its logins, one leased number and one verified caller ID."""

from datetime import UTC, datetime

from callfire_sandbox.world.leases import lease_number
from callfire_sandbox.world.logins import add_login
from callfire_sandbox.world.state import World

NUMBER = "12135550100"
CALLER_ID = "12135550101"
CREDITS = 1_000_000.0


def populate(world: World, username: str, password: str, account_username: str, account_password: str) -> None:
    """Fill an empty world with the initial state."""
    created = datetime.fromtimestamp(world.clock.now() / 1000, UTC).isoformat(timespec="milliseconds")
    world["accounts"].add(
        {
            "name": "Sandbox",
            "companyName": "Sandbox",
            "status": "ACTIVE",
            "active": True,
            "brand": "CALLFIRE",
            "country": "US",
            "countryOrDefault": "US",
            "trustLevel": "NORMAL",
            "created": created,
            "dateTimeZone": {"id": "America/Los_Angeles", "fixed": False},
            "apiCallLimit": 0,
            # The schema lacks these fields, but real answers contain them.
            "email": "sandbox@example.com",
            "firstName": "Sandy",
            "lastName": "Box",
            "permissions": ["ACCOUNT_HOLDER", "API"],
            "_": {"credits": CREDITS},
        }
    )
    for kind, name, secret in (("api", username, password), ("account", account_username, account_password)):
        add_login(world, kind, f"Sandbox {kind}", name, secret)
    lease_number(world, NUMBER)
    world["caller_ids"].add({"phoneNumber": CALLER_ID, "_": {"verified": True}})
