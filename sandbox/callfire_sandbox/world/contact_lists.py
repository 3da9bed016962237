"""Contact lists: created from contacts, numbers or a CSV file, and validated a little later."""

import csv
import io
from string import ascii_uppercase
from typing import Any

from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world.contacts import CONTACT_NUMBERS, add_contact, contact_by_id, normalize
from callfire_sandbox.world.phone_numbers import normal
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.scheduler import task
from callfire_sandbox.world.state import World
from callfire_sandbox.world.webhooks import announce

LONGEST_COLUMN = 255
NUMBER_FIELDS = ("homePhone", "workPhone", "mobilePhone")
CSV_FIELDS = (*CONTACT_NUMBERS, "firstName", "lastName", "zipcode", "externalId", "externalSystem")
SOURCES = ("contacts", "contactNumbers", "contactIds")


def contacts_from(world: World, given: dict[str, Any], found: Record | None = None) -> list[Record]:
    """Return the contacts of a request and add the new ones. Raises BadRequestError, and then nothing was added.

    A number that is given twice, or that is in the list `found` already, is one contact.
    """
    sources = [name for name in SOURCES if given.get(name)]
    if len(sources) != 1:
        raise BadRequestError(f"The body must contain exactly one of {', '.join(SOURCES)}.")
    field = given.get("contactNumbersField", "homePhone")
    if field not in NUMBER_FIELDS:
        raise BadRequestError(f"contactNumbersField: the value must be one of {', '.join(NUMBER_FIELDS)}.")
    if "contactIds" in sources:
        return [_known(world, number) for number in dict.fromkeys(given["contactIds"])]
    if "contactNumbers" in sources:
        entries = without_duplicates([{field: number} for number in given["contactNumbers"]])
        return [_listed(world, found, entry[field]) or add_contact(world, entry) for entry in entries]
    known = [_known(world, entry["id"]) if "id" in entry else None for entry in given["contacts"]]
    return [contact or add_contact(world, entry) for contact, entry in zip(known, given["contacts"], strict=True)]


def _known(world: World, number: int) -> Record:
    contact = contact_by_id(world, number)
    if contact is None or contact["deleted"]:
        raise BadRequestError(f"contactIds: there is no contact with id {number}.")
    return contact


def _listed(world: World, found: Record | None, number: str) -> Record | None:
    if found is None:
        return None
    contacts = world["contacts"].each("numbers", number)
    return next((contact for contact in contacts if found["id"] in contact["_"]["lists"]), None)


def without_duplicates(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return contacts without those whose numbers an earlier one has. Numbers are written as 11 digits."""
    unique: dict[Any, dict[str, Any]] = {}
    for index, entry in enumerate(entries):
        normalize(entry)
        numbers = tuple(entry[name] for name in CONTACT_NUMBERS if entry.get(name))
        unique.setdefault(numbers or index, entry)
    return list(unique.values())


def create_list(world: World, name: str, contacts: list[Record], *, problem: str | None = None) -> Record:
    """Add a list with its contacts. Its validation runs later; with `problem`, it ends with that status."""
    made = world["contact_lists"].add({"name": name, "size": 0, "created": world.time(), "status": "VALIDATING"})
    if world.switches.list_items_at_once:
        for contact in contacts:
            add_to_list(world, contact, made["id"])
        update_size(world, made)
    numbers = [contact["id"] for contact in contacts]
    world.later(world.switches.list_takes, validate_list, number=made["id"], contacts=numbers, problem=problem)
    return made


@task
def validate_list(world: World, number: int, contacts: list[int], problem: str | None) -> None:
    """Keep the contacts with a valid number in the list. A list without any valid contact has failed."""
    found = world["contact_lists"].get(number)
    if found is None:
        return
    valid = 0
    for contact in filter(None, map(world["contacts"].get, contacts)):
        if problem or not reachable(contact):
            remove_from_list(world, contact, number)
            continue
        valid += 1
        if not world.switches.list_items_at_once:
            add_to_list(world, contact, number)
    update_size(world, found)
    failed = problem or ("ERRORS" if contacts and not valid else None)
    world["contact_lists"].change(found, status=failed or "ACTIVE")
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
    if number in contact["_"]["lists"]:
        world["contacts"].note(contact, lists=[entry for entry in contact["_"]["lists"] if entry != number])


def update_size(world: World, found: Record) -> None:
    """Update the size of a list."""
    world["contact_lists"].change(found, size=world["contacts"].count("lists", found["id"]))


def read_csv(data: bytes, *, custom_fields: bool) -> tuple[list[dict[str, Any]], str | None]:
    """Return the contacts of a CSV file, or no contacts and the list status of the failure.

    A first row without any phone number is the header. Without a header the first column is homePhone. Unknown
    columns become properties, under their own names with `custom_fields`, else as A, B, C. Rows with the same
    numbers are one contact.
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
    contacts = [_contact(dict(zip(names, row, strict=False)), renamed) for row in rows[1 if headed else 0 :]]
    return without_duplicates(contacts), None


def _contact(row: dict[str, str], renamed: dict[str, str]) -> dict[str, Any]:
    contact: dict[str, Any] = {name: value for name, value in row.items() if name in CSV_FIELDS and value}
    properties = {renamed[name]: value for name, value in row.items() if name in renamed and value}
    return {**contact, **({"properties": properties} if properties else {})}
