"""Recipients of texts and calls: from a phone number or a contact to a number that can be reached."""

from dataclasses import dataclass
from typing import Any

from sandbox.errors import BadRequest
from sandbox.world.phone import normal
from sandbox.world.query import Record
from sandbox.world.state import World

CONTACT_NUMBERS = ("mobilePhone", "homePhone", "workPhone", "extraPhone1", "extraPhone2", "extraPhone3")


@dataclass(frozen=True)
class Target:
    """Whom a recipient means. `number` is as given where it is not valid."""

    number: str
    valid: bool
    contact: Record | None
    given: dict[str, Any]


def targets(world: World, recipients: list[dict[str, Any]], *, strict: bool, short_codes: bool) -> list[Target]:
    """Every recipient, checked. Raises BadRequest for a bad one with strict validation, or where the switch says so."""
    found = [_target(world, recipient, short_codes) for recipient in recipients]
    refuse = strict or world.switches.bad_number == "refuse"
    for index, target in enumerate(found):
        if refuse and not target.valid:
            raise BadRequest(f"recipients[{index}]: the phone number is not valid")
    return found


def _target(world: World, recipient: dict[str, Any], short_codes: bool) -> Target:
    contact = None
    given = recipient.get("phoneNumber")
    if "contactId" in recipient:
        contact = world["contacts"].get(recipient["contactId"])
        if contact is None or contact.get("deleted"):
            raise BadRequest(f"no contact with id {recipient['contactId']}")
        given = given or next((contact[name] for name in CONTACT_NUMBERS if contact.get(name)), "")
    elif given is None:
        raise BadRequest("a recipient needs a phoneNumber or a contactId")
    number = normal(given, short_codes=short_codes)
    return Target(number or given, number is not None, contact, recipient)


def from_number(given: str | None, default: str) -> str:
    """The number to send from: the one given, which has to be a number at least, or the default."""
    if given is None:
        return default
    number = normal(given, short_codes=True)
    if number is None:
        raise BadRequest("fromNumber is not a phone number")
    return number
