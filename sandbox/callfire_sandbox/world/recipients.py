"""Recipients of texts and calls: from a phone number or a contact to a number to send to."""

from dataclasses import dataclass
from typing import Any

from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world.contacts import CONTACT_NUMBERS, contact_by_id, contact_of, shown
from callfire_sandbox.world.magic_numbers import magic
from callfire_sandbox.world.phone_numbers import normal
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import SHORT_CODES, World


@dataclass(frozen=True)
class Recipient:
    """One recipient of a request. An invalid `number` is kept as it was given; `contact` is as responses show it."""

    number: str
    valid: bool
    contact: Record | None
    given: dict[str, Any]


def refuse_too_many(recipients: list[dict[str, Any]], limit: int) -> None:
    """Raise BadRequestError for more recipients than one send accepts."""
    if len(recipients) > limit:
        raise BadRequestError(f"recipients: no more than {limit} are allowed in one request. Use several requests.")


def resolve_recipients(
    world: World, recipients: list[dict[str, Any]], *, strict: bool, short_codes: bool
) -> list[Recipient]:
    """Return every recipient with its number.

    Raises BadRequestError for an invalid number if validation is strict or the `bad_number` switch says so.
    """
    found = [_resolve(world, recipient, short_codes) for recipient in recipients]
    refuse = strict or world.switches.bad_number == "refuse"
    for index, recipient in enumerate(found):
        if refuse and not recipient.valid:
            raise BadRequestError(f"recipients[{index}]: the phone number is not valid. Use 11 digits.")
    return found


def _resolve(world: World, given: dict[str, Any], short_codes: bool) -> Recipient:
    contact = None
    phone_number = given.get("phoneNumber")
    if "contactId" in given:
        contact = contact_by_id(world, given["contactId"])
        if contact is None or contact.get("deleted"):
            raise BadRequestError(f"contactId: there is no contact with id {given['contactId']}.")
        phone_number = phone_number or next((contact[name] for name in CONTACT_NUMBERS if contact.get(name)), "")
    elif phone_number is None:
        raise BadRequestError("recipients: each one requires a phoneNumber or a contactId.")
    number = normal(phone_number, short_codes=short_codes)
    if contact is None and number is not None:
        contact = contact_of(world, number)
    elif contact is not None:
        contact = shown(contact)
    return Recipient(number or phone_number, _is_valid(number), contact, given)


def _is_valid(number: str | None) -> bool:
    if number is None:
        return False
    entry = magic(number)
    return entry is None or entry.valid


def receives_texts(world: World, number: str) -> bool:
    """Return whether the account sends and receives texts with this number: a leased number or a short code."""
    lease = world["number_leases"].first(number=number)
    return number in SHORT_CODES or (lease is not None and lease["textFeatureStatus"] == "ENABLED")


def sending_number(world: World, given: str | None, default: str) -> str:
    """Return the number that texts are sent from, or the default.

    Raises BadRequestError if the number is neither leased with its texts enabled nor a short code of CallFire.
    """
    if given is None:
        return default
    number = from_number(given, default)
    if not receives_texts(world, number):
        raise BadRequestError("fromNumber: the number is not leased, or its texts are disabled. Lease it first.")
    return number


def from_number(given: str | None, default: str) -> str:
    """Return the number to send from. Raises BadRequestError if the given number is not a phone number."""
    if given is None:
        return default
    number = normal(given, short_codes=True)
    if number is None:
        raise BadRequestError("fromNumber: this is not a phone number. Use 11 digits or a short code.")
    return number
