"""Contacts (`/contacts`)."""

from typing import Any

from sandbox.api.models.common import RESOURCE_ID
from sandbox.api.models.contacts import CONTACT
from sandbox.api.models.messages import CONTACT_HISTORY
from sandbox.api.operation import FIELDS, Parameter, Request, operation, paging
from sandbox.api.resources import Filter, Resource, holds, identities, limits
from sandbox.api.schema import LONG, STRING, items_of, list_of
from sandbox.errors import BadRequestError
from sandbox.world.contact_lists import add_contact
from sandbox.world.phone_numbers import normal
from sandbox.world.query import Record, Test
from sandbox.world.recipients import CONTACT_NUMBERS
from sandbox.world.table import public


def _has_number(values: list[str]) -> Test:
    wanted = {normal(value) or value for value in values}
    return lambda record: any(record.get(name) in wanted for name in CONTACT_NUMBERS)


def _property(name: str) -> Test:
    return lambda record: name in record.get("properties", {})


def _property_value(value: str) -> Test:
    return lambda record: value in record.get("properties", {}).values()


IN_LIST = holds("contactListId", LONG, "lists")
CONTACTS = Resource("contacts", "contact", CONTACT, listed=lambda record: not record["deleted"])
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
CONTACTS.get("getContact", "GET /contacts/{id}", "Find a specific contact")


@operation("createContacts", "POST /contacts", body=list_of(CONTACT), returns=items_of(RESOURCE_ID))
def create_contacts(request: Request) -> Record:
    """Create contacts"""
    if not request.body:
        raise BadRequestError("The body must contain at least one contact.")
    return {"items": [{"id": add_contact(request.world, entry)["id"]} for entry in request.body]}


@operation("updateContact", "PUT /contacts/{id}", body=CONTACT)
def update_contact(request: Request) -> None:
    """Update a contact"""
    contact = CONTACTS.need(request)
    values = {name: value for name, value in request.body.items() if name not in ("id", "deleted")}
    for name in CONTACT_NUMBERS:
        if values.get(name):
            values[name] = normal(values[name]) or values[name]
    request.world["contacts"].change(contact, **values)


@operation("deleteContact", "DELETE /contacts/{id}")
def delete_contact(request: Request) -> None:
    """Delete a contact"""
    contacts = request.world["contacts"]
    contact = CONTACTS.need(request)
    contacts.note(contacts.change(contact, deleted=True), lists=[])


@operation("getContactHistory", "GET /contacts/{id}/history", *paging(), FIELDS, returns=CONTACT_HISTORY)
def get_contact_history(request: Request) -> Record:
    """Find a contact's history"""
    contact = CONTACTS.need(request)
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
