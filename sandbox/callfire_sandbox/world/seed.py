"""The initial state: an account with credits, its logins, one leased number and one verified caller ID."""

from datetime import UTC, datetime

from callfire_sandbox.world.leases import lease_number
from callfire_sandbox.world.logins import add_login
from callfire_sandbox.world.state import World

NUMBER = "12135550100"
"""The leased number of the first account."""
CALLER_ID = "12135550101"
CREDITS = 1_000_000.0


def numbers_of(account_number: int) -> tuple[str, str]:
    """Return the leased number and the verified caller ID of an account."""
    if account_number == 0:
        return NUMBER, CALLER_ID
    return f"121355510{account_number:02d}", f"121355511{account_number:02d}"


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
    number, caller_id = numbers_of(world.account_number)
    lease_number(world, number)
    world["caller_ids"].add({"phoneNumber": caller_id, "_": {"verified": True}})
