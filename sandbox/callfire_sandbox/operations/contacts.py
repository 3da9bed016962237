"""Contacts (`/contacts`)."""

from typing import Any

from callfire_sandbox.api.models.common import RESOURCE_ID
from callfire_sandbox.api.models.contacts import CONTACT
from callfire_sandbox.api.models.messages import CONTACT_HISTORY
from callfire_sandbox.api.operation import FIELDS, Parameter, Request, operation, paging
from callfire_sandbox.api.resources import Filter, Resource, holds, identities, limits
from callfire_sandbox.api.schema import LONG, STRING, items_of, list_of
from callfire_sandbox.errors import BadRequestError, NotFoundError
from callfire_sandbox.world.actions import appear
from callfire_sandbox.world.contacts import CONTACT_NUMBERS, add_contact, change_contact, contact_by_id, read_contact
from callfire_sandbox.world.phone_numbers import normal
from callfire_sandbox.world.query import Record, Test
from callfire_sandbox.world.table import public


def _visible(record: Record) -> bool:
    """Return whether find operations show a contact."""
    return not record["_"].get("hidden")


def _has_number(values: list[str]) -> Test:
    wanted = {normal(value) or value for value in values}
    return lambda record: _visible(record) and any(record.get(name) in wanted for name in CONTACT_NUMBERS)


def _property(name: str) -> Test:
    return lambda record: name in record.get("properties", {})


def _property_value(value: str) -> Test:
    return lambda record: value in record.get("properties", {}).values()


IN_LIST = holds("contactListId", LONG, "lists")
CONTACTS = Resource("contacts", "contact", CONTACT, listed=lambda record: not record["deleted"] and _visible(record))
CONTACTS.find(
    "findContacts",
    "GET /contacts",
    "Find contacts",
    identities(),
    Filter(Parameter("number", list_of(STRING)), _has_number, alone=True),
    IN_LIST,
    Filter(Parameter("propertyName", STRING), _property),
    Filter(Parameter("propertyValue", STRING), _property_value),
)


def _not_found(request: Request) -> NotFoundError:
    return NotFoundError(f"There is no contact with id {request.path['id']}.")


def need_contact(request: Request) -> Record:
    """Return the contact that the path names, in order to change it. Raises NotFoundError."""
    contact = contact_by_id(request.world, request.path["id"])
    if contact is None:
        raise _not_found(request)
    return contact


@operation("getContact", "GET /contacts/{id}", FIELDS, returns=CONTACT)
def get_contact(request: Request) -> Record:
    """Find a specific contact"""
    return _read(request)


def _read(request: Request) -> Record:
    contact = read_contact(request.world, request.path["id"])
    if contact is None:
        raise _not_found(request)
    return contact


@operation("createContacts", "POST /contacts", body=list_of(CONTACT), returns=items_of(RESOURCE_ID))
def create_contacts(request: Request) -> Record:
    """Create contacts"""
    if not request.body:
        raise BadRequestError("The body must contain at least one contact.")
    world = request.world
    added = [add_contact(world, entry) for entry in request.body]
    if world.switches.contact_visible_after:
        for contact in added:
            world["contacts"].note(contact, hidden=True)
        numbers = [contact["id"] for contact in added]
        world.later(world.switches.contact_visible_after, appear, table="contacts", numbers=numbers)
    return {"items": [{"id": contact["id"]} for contact in added]}


@operation("updateContact", "PUT /contacts/{id}", body=CONTACT)
def update_contact(request: Request) -> None:
    """Update a contact"""
    values = {name: value for name, value in request.body.items() if name not in ("id", "deleted")}
    change_contact(request.world, need_contact(request), values)


@operation("deleteContact", "DELETE /contacts/{id}")
def delete_contact(request: Request) -> None:
    """Delete a contact"""
    contacts = request.world["contacts"]
    contact = need_contact(request)
    contacts.note(contacts.change(contact, deleted=True), lists=[])


@operation("getContactHistory", "GET /contacts/{id}/history", *paging(), FIELDS, returns=CONTACT_HISTORY)
def get_contact_history(request: Request) -> Record:
    """Find a contact's history"""
    contact = _read(request)
    offset, limit = limits(request)
    numbers = {contact[name] for name in CONTACT_NUMBERS if contact.get(name)}
    history: dict[str, Any] = {"id": contact["id"]}
    for table in ("calls", "texts"):
        actions = request.world[table]
        found = {
            action["id"]: public(action)
            for number in numbers
            for action in (*actions.where(toNumber=number), *actions.where(fromNumber=number))
        }
        history[table] = [found[key] for key in sorted(found, reverse=True)][offset : offset + limit]
    return history
