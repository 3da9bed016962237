"""Contacts: those that were added, and those of plain numbers.

CallFire returns a contact with every text and call, also if only a phone number was given. The sandbox therefore adds
a contact for a plain number. Find operations do not list it, but it can be read, changed and used by its id.
"""

from typing import Any

from callfire_sandbox.world.phone_numbers import normal
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World

CONTACT_NUMBERS = ("mobilePhone", "homePhone", "workPhone", "extraPhone1", "extraPhone2", "extraPhone3")


def add_contact(world: World, given: dict[str, Any], *, number: int | None = None) -> Record:
    """Add a contact, with a given id or a new one. Valid numbers are stored as 11 digits, other numbers as given."""
    contact = {name: value for name, value in given.items() if name not in ("id", "deleted")}
    normalize(contact)
    hidden = {"lists": [], "numbers": _numbers(contact)}
    return world["contacts"].add({"id": number or world.new_id(), **contact, "deleted": False, "_": hidden})


def change_contact(world: World, contact: Record, values: dict[str, Any]) -> None:
    """Change fields of a contact."""
    normalize(values)
    world["contacts"].change(contact, **values)
    world["contacts"].note(contact, numbers=_numbers(contact))


def normalize(contact: dict[str, Any]) -> None:
    """Write the valid numbers of a contact as 11 digits."""
    for name in CONTACT_NUMBERS:
        if contact.get(name):
            contact[name] = normal(contact[name]) or contact[name]


def _numbers(contact: Record) -> list[str]:
    return list(dict.fromkeys(contact[name] for name in CONTACT_NUMBERS if contact.get(name)))


def contact_by_id(world: World, number: int) -> Record | None:
    """Return the contact with that id. The contact of a plain number becomes one that find operations list."""
    contact = world["contacts"].get(number)
    plain = None if contact else world["plain_numbers"].get(number)
    if plain is None:
        return contact
    world["plain_numbers"].remove(plain)
    return add_contact(world, {"homePhone": plain["number"]}, number=number)


def read_contact(world: World, number: int) -> Record | None:
    """Return the contact with that id, without a change to it."""
    contact = world["contacts"].get(number)
    plain = None if contact else world["plain_numbers"].get(number)
    return _plain_contact(plain) | {"deleted": False} if plain else contact


def contact_of(world: World, number: str) -> Record | None:
    """Return what texts and calls show of the contact with that number.

    Without a contact it is the one of the plain number, or None if the `contact_for_number` switch is off.
    """
    for contact in world["contacts"].each("numbers", number):
        if not contact["deleted"]:
            return shown(contact)
    if not world.switches.contact_for_number:
        return None
    plain = world["plain_numbers"].first(number=number)
    return _plain_contact(plain or world["plain_numbers"].add({"number": number}))


def contact_at(world: World, number: str) -> Record:
    """Return {"contact": …} of a number for a text or call, or {} without a contact."""
    contact = contact_of(world, number)
    return {"contact": contact} if contact else {}


def shown(contact: Record) -> Record:
    """Return the fields of a contact that texts and calls show."""
    return {name: value for name, value in contact.items() if name not in ("_", "deleted")}


def _plain_contact(plain: Record) -> Record:
    return {"id": plain["id"], "homePhone": plain["number"]}
