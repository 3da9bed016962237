"""Contact lists: created from contacts, numbers or a CSV file, and validated a little later."""

import csv
import io
from string import ascii_uppercase
from typing import Any

from sandbox.errors import BadRequestError
from sandbox.world.phone_numbers import normal
from sandbox.world.query import Record
from sandbox.world.recipients import CONTACT_NUMBERS
from sandbox.world.scheduler import task
from sandbox.world.state import World
from sandbox.world.webhooks import announce

LONGEST_COLUMN = 255
NUMBER_FIELDS = ("homePhone", "workPhone", "mobilePhone")
CSV_FIELDS = (*CONTACT_NUMBERS, "firstName", "lastName", "zipcode", "externalId", "externalSystem")
SOURCES = ("contacts", "contactNumbers", "contactIds")


def add_contact(world: World, given: dict[str, Any]) -> Record:
    """Add a contact. Valid numbers are stored as 11 digits, other numbers as given."""
    contact = {name: value for name, value in given.items() if name not in ("id", "deleted")}
    for name in CONTACT_NUMBERS:
        if contact.get(name):
            contact[name] = normal(contact[name]) or contact[name]
    return world["contacts"].add({"id": world.new_id(), **contact, "deleted": False, "_": {"lists": []}})


def contacts_from(world: World, given: dict[str, Any]) -> list[Record]:
    """Return the contacts of a request and add the new ones. Raises BadRequestError, and then nothing was added."""
    sources = [name for name in SOURCES if given.get(name)]
    if len(sources) != 1:
        raise BadRequestError(f"The body must contain exactly one of {', '.join(SOURCES)}.")
    field = given.get("contactNumbersField", "homePhone")
    if field not in NUMBER_FIELDS:
        raise BadRequestError(f"contactNumbersField: the value must be one of {', '.join(NUMBER_FIELDS)}.")
    if "contactIds" in sources:
        return [_known(world, number) for number in given["contactIds"]]
    entries = given.get("contacts") or [{field: number} for number in given["contactNumbers"]]
    known = [_known(world, entry["id"]) if "id" in entry else None for entry in entries]
    return [contact or add_contact(world, entry) for contact, entry in zip(known, entries, strict=True)]


def _known(world: World, number: int) -> Record:
    contact = world["contacts"].get(number)
    if contact is None or contact["deleted"]:
        raise BadRequestError(f"There is no contact with id {number}.")
    return contact


def create_list(world: World, name: str, contacts: list[Record], *, problem: str | None = None) -> Record:
    """Add a list whose validation runs later. With `problem`, validation ends with that status."""
    made = world["contact_lists"].add(
        {"name": name, "size": len(contacts), "created": world.time(), "status": "VALIDATING"}
    )
    numbers = [contact["id"] for contact in contacts]
    world.later(world.switches.list_takes, validate_list, number=made["id"], contacts=numbers, problem=problem)
    return made


@task
def validate_list(world: World, number: int, contacts: list[int], problem: str | None) -> None:
    """Add the contacts with a valid number to the list. A list without any valid contact has failed."""
    found = world["contact_lists"].get(number)
    if found is None:
        return
    valid = [] if problem else [entry for entry in map(world["contacts"].get, contacts) if entry and reachable(entry)]
    for contact in valid:
        add_to_list(world, contact, number)
    failed = problem or (None if valid or not contacts else "ERRORS")
    world["contact_lists"].change(found, status=failed or "ACTIVE", size=len(valid))
    announce(world, "ContactList", "validationFailed" if failed else "validationFinished", found)


def reachable(contact: Record) -> bool:
    """Return whether a contact has a valid number."""
    return not contact["deleted"] and any(normal(contact.get(name, "")) for name in CONTACT_NUMBERS)


def add_to_list(world: World, contact: Record, number: int) -> None:
    """Add a contact to the list with that id."""
    if number not in contact["_"]["lists"]:
        world["contacts"].note(contact, lists=[*contact["_"]["lists"], number])


def remove_from_list(world: World, contact: Record, number: int) -> None:
    """Remove a contact from the list with that id."""
    world["contacts"].note(contact, lists=[entry for entry in contact["_"]["lists"] if entry != number])


def update_size(world: World, found: Record) -> None:
    """Update the size of a list."""
    world["contact_lists"].change(found, size=world["contacts"].count("lists", found["id"]))


def read_csv(data: bytes, *, custom_fields: bool) -> tuple[list[dict[str, Any]], str | None]:
    """Return the contacts of a CSV file, or no contacts and the list status of the failure.

    A first row without any phone number is the header. Without a header the first column is homePhone. Unknown
    columns become properties, under their own names with `custom_fields`, else as A, B, C.
    """
    try:
        rows = [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), strict=True) if any(row)]
    except (UnicodeDecodeError, csv.Error):
        return [], "PARSE_FAILED"
    if not rows:
        return [], "PARSE_FAILED"
    if any(len(column) > LONGEST_COLUMN for row in rows for column in row):
        return [], "COLUMN_TOO_LARGE"
    headed = not any(normal(column) for column in rows[0])
    header = rows[0] if headed else ["homePhone", *(f"column {number}" for number in range(2, len(rows[0]) + 1))]
    fields = {name.lower(): name for name in CSV_FIELDS}
    names = [fields.get(column.strip().lower().replace(" ", ""), column.strip()) for column in header]
    custom = [name for name in names if name not in CSV_FIELDS]
    renamed = {name: name if custom_fields else ascii_uppercase[index % 26] for index, name in enumerate(custom)}
    return [_contact(dict(zip(names, row, strict=False)), renamed) for row in rows[1 if headed else 0 :]], None


def _contact(row: dict[str, str], renamed: dict[str, str]) -> dict[str, Any]:
    contact: dict[str, Any] = {name: value for name, value in row.items() if name in CSV_FIELDS and value}
    properties = {renamed[name]: value for name, value in row.items() if name in renamed and value}
    return {**contact, **({"properties": properties} if properties else {})}
