"""Contact lists and their contacts (`/contacts/lists`)."""

from collections.abc import Iterable

from callfire_sandbox.api.models.common import RESOURCE_ID
from callfire_sandbox.api.models.contacts import (
    ADD_CONTACT_LIST_CONTACTS_REQUEST,
    CONTACT,
    CONTACT_LIST,
    CREATE_CONTACT_LIST_REQUEST,
    UPDATE_CONTACT_LIST_REQUEST,
)
from callfire_sandbox.api.operation import FIELDS, Page, Parameter, Request, operation, paging
from callfire_sandbox.api.resources import Resource, contains, equals
from callfire_sandbox.api.schema import BOOLEAN, FILE, INT, LONG, STRING, list_of, page_of
from callfire_sandbox.errors import BadRequestError, NotFoundError
from callfire_sandbox.operations.contacts import CONTACTS, IN_LIST
from callfire_sandbox.world.contact_lists import (
    add_to_list,
    contacts_from,
    create_list,
    read_csv,
    remove_from_list,
    update_size,
)
from callfire_sandbox.world.contacts import add_contact
from callfire_sandbox.world.query import Record

MAX_CSV = 25 * 2**20
LISTS = Resource("contact_lists", "contact list", CONTACT_LIST)
NAME, PART_OF_NAME, SIZE = equals("name", index=True), contains("name", "name"), equals("contactCount", INT, "size")
LISTS.get("getContactList", "GET /contacts/lists/{id}", "Find a specific contact list")


@operation(
    "findContactLists",
    "GET /contacts/lists",
    FIELDS,
    *paging(),
    Parameter("name", STRING),
    Parameter("contactCount", INT),
    Parameter("orderBy", STRING),
    Parameter("exactMatch", BOOLEAN, default=False),
    returns=page_of(CONTACT_LIST),
)
def find_contact_lists(request: Request) -> Page:
    """Find contact lists"""
    name = NAME if request.query["exactMatch"] else PART_OF_NAME
    return LISTS.page(request, (name, SIZE))


@operation("createContactList", "POST /contacts/lists", FIELDS, body=CREATE_CONTACT_LIST_REQUEST, returns=CONTACT_LIST)
def create_contact_list(request: Request) -> Record:
    """Create contact lists"""
    contacts = contacts_from(request.world, request.body)
    return create_list(request.world, request.body.get("name", "Contact list"), contacts)


@operation(
    "createContactListFromFile",
    "POST /contacts/lists/upload",
    form=(
        Parameter("file", FILE, required=True),
        Parameter("name", STRING),
        Parameter("useCustomFields", BOOLEAN, default=False),
    ),
    max_bytes=MAX_CSV,
    returns=RESOURCE_ID,
)
def create_contact_list_from_file(request: Request) -> Record:
    """Create contact list from file"""
    world, upload = request.world, request.files["file"]
    rows, problem = read_csv(upload.data, custom_fields=request.body["useCustomFields"])
    contacts = [add_contact(world, row) for row in rows]
    return {"id": create_list(world, request.body["name"] or upload.filename, contacts, problem=problem)["id"]}


@operation("updateContactList", "PUT /contacts/lists/{id}", body=UPDATE_CONTACT_LIST_REQUEST)
def update_contact_list(request: Request) -> None:
    """Update a contact list"""
    if not request.body.get("name"):
        raise BadRequestError("name: is required.")
    request.world["contact_lists"].change(LISTS.need(request), name=request.body["name"])


@operation("deleteContactList", "DELETE /contacts/lists/{id}")
def delete_contact_list(request: Request) -> None:
    """Delete a contact list"""
    world, found = request.world, LISTS.need(request)
    for contact in world["contacts"].where(lists=found["id"]):
        remove_from_list(world, contact, found["id"])
    world["contact_lists"].remove(found)


@operation("getContactListItems", "GET /contacts/lists/{id}/items", FIELDS, *paging(), returns=page_of(CONTACT))
def get_contact_list_items(request: Request) -> Page:
    """Find contacts in a contact list"""
    return CONTACTS.page(request, fixed=((IN_LIST, LISTS.need(request)["id"]),))


@operation("addContactListItems", "POST /contacts/lists/{id}/items", body=ADD_CONTACT_LIST_CONTACTS_REQUEST)
def add_contact_list_items(request: Request) -> None:
    """Add contacts to a contact list"""
    world, found = request.world, LISTS.need(request)
    for contact in contacts_from(world, request.body, found):
        add_to_list(world, contact, found["id"])
    update_size(world, found)


@operation("removeContactListItems", "DELETE /contacts/lists/{id}/items", Parameter("contactId", list_of(LONG)))
def remove_contact_list_items(request: Request) -> None:
    """Delete contacts from a contact list"""
    _remove(request, request.query["contactId"] or ())


@operation("removeContactListItem", "DELETE /contacts/lists/{id}/items/{contactId}")
def remove_contact_list_item(request: Request) -> None:
    """Delete a contact from a contact list"""
    _remove(request, [request.path["contactId"]])


def _remove(request: Request, numbers: Iterable[int]) -> None:
    found, contacts = LISTS.need(request), request.world["contacts"]
    removed = [(number, contacts.get(number)) for number in dict.fromkeys(numbers)]
    for number, contact in removed:
        if contact is None or found["id"] not in contact["_"]["lists"]:
            raise NotFoundError(f"There is no contact with id {number} in this list.")
        remove_from_list(request.world, contact, found["id"])
    update_size(request.world, found)
