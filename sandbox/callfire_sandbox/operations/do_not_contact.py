"""Do-not-contact (DNC) lists of the account and the universal list (`/contacts/dncs`)."""

from callfire_sandbox.api.models.contacts import ADD_DO_NOT_CONTACT_REQUEST, DO_NOT_CONTACT, UNIVERSAL_DO_NOT_CONTACT
from callfire_sandbox.api.operation import FIELDS, Page, Parameter, Request, operation, paging
from callfire_sandbox.api.resources import Filter, Resource, equals, flag
from callfire_sandbox.api.schema import LONG, STRING, items_of, list_of, page_of
from callfire_sandbox.errors import BadRequestError, NotFoundError
from callfire_sandbox.world.dnc import add_dnc
from callfire_sandbox.world.magic_numbers import list_when_named
from callfire_sandbox.world.phone_numbers import normal
from callfire_sandbox.world.query import Record, Test
from callfire_sandbox.world.state import World
from callfire_sandbox.world.table import public

FLAGS = ("call", "text", "inboundCall", "inboundText")
SOURCE = "Api V2"


def _prefix(value: str) -> Test:
    return lambda record: record["number"].startswith(value)


def _numbers(values: list[str]) -> Test:
    wanted = {normal(value, short_codes=True) for value in values}
    return lambda record: record["number"] in wanted


DNCS = Resource("dncs", "do-not-contact number", DO_NOT_CONTACT)
FILTERS = (
    Filter(Parameter("prefix", STRING), _prefix),
    equals("campaignId", LONG),
    equals("source", index=True),
    *(flag(name) for name in FLAGS),
    Filter(Parameter("number", list_of(STRING)), _numbers),
)


@operation(
    "findDoNotContacts",
    "GET /contacts/dncs",
    *(entry.parameter for entry in FILTERS),
    *paging(),
    FIELDS,
    returns=page_of(DO_NOT_CONTACT),
)
def find_do_not_contacts(request: Request) -> Page:
    """Find numbers on the DNC list"""
    for number in request.query["number"] or ():
        list_when_named(request.world, normal(number, short_codes=True))
    return DNCS.page(request, FILTERS)


@operation("addDoNotContacts", "POST /contacts/dncs", body=ADD_DO_NOT_CONTACT_REQUEST)
def add_do_not_contacts(request: Request) -> None:
    """Add numbers to the DNC list"""
    world, given = request.world, request.body
    found = [normal(number, short_codes=True) for number in given.get("numbers", ())]
    numbers = [number for number in found if number is not None]
    if not numbers or len(numbers) < len(found):
        raise BadRequestError("numbers: must be a list of valid phone numbers. Use 11 digits.")
    flags = {"call": True, "text": True, "inboundCall": False, "inboundText": False}
    values = {**flags, "source": SOURCE, **{name: value for name, value in given.items() if name != "numbers"}}
    for number in numbers:
        if entry := world["dncs"].first(number=number):
            world["dncs"].change(entry, **values)
        else:
            add_dnc(world, number, values)


@operation("getDoNotContact", "GET /contacts/dncs/{number}", returns=DO_NOT_CONTACT)
def get_do_not_contact(request: Request) -> Record:
    """Get a number of the DNC list"""
    number = normal(request.path["number"], short_codes=True)
    list_when_named(request.world, number)
    removed = request.world["removed_dncs"].first(number=number)
    if removed and request.world.switches.deleted_dnc == "flags":
        return {"number": number, **dict.fromkeys(FLAGS, False), "created": removed["created"]}
    return _need(request, request.path["number"])


@operation("updateDoNotContact", "PUT /contacts/dncs/{number}", body=DO_NOT_CONTACT)
def update_do_not_contact(request: Request) -> None:
    """Update one number on the DNC list"""
    entry = _need(request, request.path["number"])
    values = {name: value for name, value in request.body.items() if name in (*FLAGS, "source")}
    request.world["dncs"].change(entry, **values)


@operation("deleteDoNotContact", "DELETE /contacts/dncs/{number}")
def delete_do_not_contact(request: Request) -> None:
    """Remove a number, or several numbers with commas in between, from the DNC list"""
    entries = [_need(request, number) for number in request.path["number"].split(",")]
    for entry in entries:
        _remove(request.world, entry)


@operation("deleteDoNotContactsBySource", "DELETE /contacts/dncs/sources/{source}")
def delete_do_not_contacts_by_source(request: Request) -> None:
    """Remove the numbers of one source from the DNC list"""
    for entry in request.world["dncs"].where(source=request.path["source"]):
        _remove(request.world, entry)


def _remove(world: World, entry: Record) -> None:
    """Remove an entry, and remember that its number once had one."""
    if world["dncs"].get(entry["id"]):
        world["dncs"].remove(entry)
        world["removed_dncs"].add({"number": entry["number"], "created": entry["created"]})


@operation(
    "getUniversalDoNotContacts",
    "GET /contacts/dncs/universals/{toNumber}",
    Parameter("fromNumber", STRING),
    FIELDS,
    returns=items_of(UNIVERSAL_DO_NOT_CONTACT),
)
def get_universal_do_not_contacts(request: Request) -> Record:
    """Find entries of the universal DNC list for a number"""
    sender = request.query["fromNumber"]
    number = normal(request.path["toNumber"], short_codes=True)
    list_when_named(request.world, number)
    entries = request.world["universal_dncs"].where(toNumber=number)
    meant = [entry for entry in entries if sender is None or entry.get("fromNumber") in (None, normal(sender))]
    return {"items": [{name: value for name, value in public(entry).items() if name != "id"} for entry in meant]}


def _need(request: Request, number: str) -> Record:
    known = normal(number, short_codes=True)
    list_when_named(request.world, known)
    entry = request.world["dncs"].first(number=known)
    if entry is None:
        raise NotFoundError("This number is not on the do-not-contact list.")
    return entry
