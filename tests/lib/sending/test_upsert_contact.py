"""Upsert Contact: one contact per number or external ID, also if messages are redelivered."""

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from elasticio import Rebound
from elasticio.wire.incoming import Incoming

from lib.callfire.api.errors import CallFireError, InvalidInput, OutcomeUnknown, Unavailable
from lib.callfire.contacts.contact_search import Identity, only_one
from lib.callfire.contacts.recent_contacts import RECENT, RecentContacts
from lib.callfire.phone_numbers import CONTACT_PROPERTIES
from lib.callfire.sending import ledger
from tests.lib.recording import Recorder, json_reply
from tests.lib.sending.conftest import World, facts, until_done
from tests.lib.steps import FakeStep, config_for, run

NUMBER, OTHER = "12132000384", "12132000385"


@pytest.fixture(autouse=True)
def _forget(world: World) -> Iterator[None]:
    RECENT.forget()
    yield
    RECENT.forget()


def upsert(world: World, given: dict[str, Any], incoming: Any = None, **config: Any) -> Any:
    step = FakeStep(incoming=incoming or facts())
    (payload,) = run("actions.upsert_contact", given, world.config(**config), step=step)
    return payload["body"]


def add(world: World, **contact: Any) -> int:
    (payload,) = run("actions.create_contacts", {"contacts": [contact]}, world.config())
    world.asked()
    return int(payload["body"]["items"][0]["id"])


def contacts(world: World) -> list[dict[str, Any]]:
    return [one for one in world.running._server.control.world["contacts"] if not one["deleted"]]


def test_an_unknown_number_becomes_a_contact(world: World) -> None:
    body = upsert(world, {"number": "(213) 200-0384", "firstName": "Ann", "properties": {"plan": "gold"}})
    assert body["result"] == "created"
    assert world.asked() == ["GET /contacts", "POST /contacts", f"GET /contacts/{body['id']}"]
    assert body["contact"]["mobilePhone"] == NUMBER
    assert body["contact"]["properties"] == {"plan": "gold"}
    assert [str(one["id"]) for one in contacts(world)] == [str(body["id"])]


@pytest.mark.parametrize(
    "phone", ["mobilePhone", "homePhone", "workPhone", "extraPhone1", "extraPhone2", "extraPhone3"]
)
@pytest.mark.parametrize("notation", [NUMBER, "+1 213 200 0384", "213.200.0384"])
def test_a_known_number_is_updated(world: World, phone: str, notation: str) -> None:
    known = add(world, firstName="Ann", lastName="Lee", **{phone: NUMBER})
    body = upsert(world, {"number": notation, "lastName": "Miller"})
    assert (body["result"], int(body["id"])) == ("updated", known)
    assert world.asked() == ["GET /contacts", f"PUT /contacts/{known}", f"GET /contacts/{known}"]
    (contact,) = contacts(world)
    phones = {name: value for name, value in contact.items() if "hone" in name}
    assert phones == {phone: NUMBER}
    assert (contact["firstName"], contact["lastName"]) == ("Ann", "Miller")
    assert body["contact"]["lastName"] == "Miller"


def test_a_phone_number_of_the_contact_replaces_the_input_number(world: World) -> None:
    known = add(world, workPhone=NUMBER)
    body = upsert(world, {"workPhone": "213-200-0384", "firstName": "Ann"})
    assert (body["result"], int(body["id"])) == ("updated", known)
    assert contacts(world)[0]["firstName"] == "Ann"


def test_a_new_contact_keeps_its_other_numbers(world: World) -> None:
    body = upsert(world, {"number": NUMBER, "mobilePhone": OTHER})
    assert (body["contact"]["mobilePhone"], body["contact"]["homePhone"]) == (OTHER, NUMBER)


def test_without_properties_nothing_is_changed(world: World) -> None:
    known = add(world, mobilePhone=NUMBER)
    assert upsert(world, {"number": NUMBER})["contact"]["mobilePhone"] == NUMBER
    assert world.asked() == ["GET /contacts", f"GET /contacts/{known}"]


def test_a_deleted_contact_is_not_updated(world: World) -> None:
    known = add(world, mobilePhone=NUMBER)
    run("actions.delete_contact", {"id": known}, world.config())
    body = upsert(world, {"number": NUMBER})
    assert body["result"] == "created"
    assert int(body["id"]) != known


@pytest.mark.parametrize("by", ["number", "externalId"])
def test_several_contacts_are_an_error_with_their_ids(world: World, by: str) -> None:
    entry = {"mobilePhone": NUMBER, "externalId": "4711"}
    first, second = add(world, **entry, firstName="Ann"), add(world, **entry)
    world.switch(order="newest")
    with pytest.raises(InvalidInput, match=rf"{by}: 2 contacts .*: {first}, {second}\. Nothing was changed"):
        upsert(world, {**entry, "firstName": "Bob"}, matchBy=by)
    assert [one.get("firstName") for one in contacts(world)] == ["Ann", None]
    body = upsert(world, {**entry, "firstName": "Bob"}, matchBy=by, ifSeveral="first")
    assert (body["result"], int(body["id"])) == ("updated", first)
    assert [one.get("firstName") for one in contacts(world)] == ["Bob", None]


@pytest.mark.parametrize("total_count", ["exact", "unknown", "absent"])
@pytest.mark.parametrize("limit_and_offset", [True, False])
@pytest.mark.parametrize("max_limit", [100, 2])
def test_an_external_id_is_found_on_any_page(
    world: World,
    total_count: str,
    limit_and_offset: bool,
    max_limit: int,
) -> None:
    world.switch(total_count=total_count, limit_and_offset=limit_and_offset, max_limit=max_limit)
    for number in range(7):
        known = add(world, externalId=str(number), externalSystem="ZOHO")
    external = {"externalId": 6, "externalSystem": "ZOHO"}
    size = "3" if max_limit == 100 else "2"
    body = upsert(world, {**external, "firstName": "Ann"}, matchBy="externalId", pageSize=size)
    assert (body["result"], int(body["id"])) == ("updated", known)


def test_the_external_system_is_part_of_the_identity(world: World) -> None:
    add(world, externalId="6", externalSystem="ZOHO")
    add(world, externalId="6")
    other = upsert(world, {"externalId": "6", "externalSystem": "MAIL_CHIMP"}, matchBy="externalId")
    assert other["result"] == "created"
    assert upsert(world, {"externalId": "6"}, facts("b"), matchBy="externalId")["result"] == "updated"
    assert len(contacts(world)) == 3


def test_a_new_contact_by_external_id_receives_the_number(world: World) -> None:
    body = upsert(world, {"externalId": "6", "number": "213-200-0384"}, matchBy="externalId")
    assert body["contact"]["mobilePhone"] == NUMBER
    again = upsert(world, {"externalId": "6", "number": OTHER}, facts("b"), matchBy="externalId")
    assert (again["result"], again["contact"]["mobilePhone"]) == ("updated", NUMBER)


@pytest.mark.parametrize(
    ("given", "config", "field"),
    [
        ({"firstName": "Ann"}, {}, "number"),
        ({"number": NUMBER}, {"matchBy": "externalId"}, "externalId"),
        ({"number": "213"}, {}, "number"),
        ({"mobilePhone": "nobody"}, {}, "mobilePhone"),
        ({"number": NUMBER, "ids": 1}, {}, "ids"),
    ],
)
def test_an_invalid_message_is_refused_before_a_request(
    world: World,
    given: Any,
    config: Any,
    field: str,
) -> None:
    with pytest.raises(InvalidInput, match=rf"^{field}: "):
        upsert(world, given, **config)
    assert world.asked() == []


@pytest.mark.parametrize("visible_after", [0, 10_000])
@pytest.mark.parametrize("is_carried_out", [True, False])
def test_a_create_with_an_unknown_outcome_is_searched_first(
    world: World,
    visible_after: int,
    is_carried_out: bool,
) -> None:
    world.switch(contact_visible_after=visible_after)
    world.fault("createContacts", "reset", carriedOut=is_carried_out)
    given = {"number": NUMBER, "firstName": "Ann"}
    body = until_done(world, lambda incoming: upsert(world, given, incoming, settleTime="20", waitLimit="60"))
    assert body["result"] == "created"
    assert len(contacts(world)) == 1
    asked = world.asked()
    assert asked.count("POST /contacts") == (1 if is_carried_out else 2)
    if not is_carried_out:
        assert sum(world.slept) >= 20


@pytest.mark.parametrize("visible_after", [0, 10_000])
def test_a_message_that_is_redelivered_to_another_process_creates_no_second_contact(
    world: World,
    visible_after: int,
) -> None:
    world.switch(contact_visible_after=visible_after)
    first = upsert(world, {"number": NUMBER})
    ledger.MESSAGES.forget()
    RECENT.forget()
    again = upsert(world, {"number": NUMBER}, facts(redelivered=True), waitLimit="60")
    assert again["id"] == first["id"]
    assert len(contacts(world)) == 1


def test_a_rebounded_message_reports_what_it_created(world: World) -> None:
    world.admin("POST", "faults", {"operation": "getContact", "effect": "status", "status": 503, "next": 4})
    with pytest.raises(Rebound):
        upsert(world, {"number": NUMBER})
    published = world.wall()
    world.sleep(15)
    body = upsert(world, {"number": NUMBER}, facts(rebounds=1, published=published))
    assert body["result"] == "created"
    assert len(contacts(world)) == 1


def test_a_second_message_finds_a_contact_that_is_not_listed_yet(world: World) -> None:
    world.switch(contact_visible_after=60_000)
    first = upsert(world, {"number": NUMBER})
    second = upsert(world, {"number": NUMBER, "firstName": "Ann"}, facts("second"))
    assert (second["result"], second["id"]) == ("updated", first["id"])
    run("actions.delete_contact", {"id": first["id"]}, world.config())
    assert upsert(world, {"number": NUMBER}, facts("third"))["result"] == "created"


def test_a_repeated_message_updates_the_contact_again(world: World) -> None:
    upsert(world, {"number": NUMBER, "firstName": "Ann"})
    contacts(world)[0]["firstName"] = "Bob"
    assert upsert(world, {"number": NUMBER, "firstName": "Ann"})["result"] == "updated"
    assert contacts(world)[0]["firstName"] == "Ann"


def test_messages_without_an_id_are_not_duplicates(world: World) -> None:
    without_id = Incoming(thread_id="thread")
    first = upsert(world, {"number": NUMBER}, without_id)
    run("actions.delete_contact", {"id": first["id"]}, world.config())
    assert upsert(world, {"number": NUMBER}, without_id)["result"] == "created"
    assert world.slept == []


def test_a_lost_response_without_a_rebound_is_an_error_with_advice(world: World) -> None:
    world.switch(contact_visible_after=60_000)
    world.fault("createContacts", "reset", carriedOut=True)
    with pytest.raises(OutcomeUnknown, match="Search CallFire for the number of the contact before you retry"):
        upsert(world, {"number": NUMBER}, errorPolicy="error", waitLimit="5")


def test_a_temporary_failure_of_the_search_rebounds(world: World) -> None:
    fault = {"operation": "findContacts", "effect": "status", "status": 503, "next": 4}
    world.admin("POST", "faults", fault)
    with pytest.raises(Rebound):
        upsert(world, {"number": NUMBER})
    world.admin("POST", "faults", fault)
    with pytest.raises(Unavailable):
        upsert(world, {"number": NUMBER}, errorPolicy="error")
    assert contacts(world) == []


def test_a_refusal_is_an_error(world: World) -> None:
    world.admin("POST", "faults", {"operation": "createContacts", "effect": "status", "status": 400, "next": 1})
    with pytest.raises(CallFireError, match="400"):
        upsert(world, {"number": NUMBER})
    assert upsert(world, {"number": NUMBER}, facts(rebounds=0))["result"] == "created"


def test_a_contact_of_another_message_receives_the_properties(world: World) -> None:
    """The create was not executed, and another container created a contact with the number meanwhile."""
    world.switch(contact_visible_after=10_000)
    add(world, mobilePhone=NUMBER, firstName="Bob", lastName="Lee")
    world.fault("createContacts", "reset", carriedOut=False)
    given = {"number": NUMBER, "firstName": "Ann"}
    body = until_done(world, lambda incoming: upsert(world, given, incoming, settleTime="20", waitLimit="60"))
    (contact,) = contacts(world)
    assert (contact["firstName"], contact["lastName"]) == ("Ann", "Lee")
    assert body["contact"]["firstName"] == "Ann"


def test_several_contacts_after_an_unknown_outcome_are_named(world: World) -> None:
    world.switch(contact_visible_after=10_000)
    other = add(world, mobilePhone=NUMBER)
    world.fault("createContacts", "reset", carriedOut=True)
    with pytest.raises(OutcomeUnknown, match=rf"^number: 2 contacts have this number: {other}, \d+\. This message may"):
        upsert(world, {"number": NUMBER}, waitLimit="60")
    RECENT.forget()
    ledger.MESSAGES.forget()
    body = upsert(world, {"number": NUMBER}, facts(redelivered=True), ifSeveral="first")
    assert int(body["id"]) == other


def test_odd_contacts_of_a_search_are_no_contacts(server: Recorder) -> None:
    odd = ["x", 5, {"mobilePhone": NUMBER}, {"id": "x", "mobilePhone": NUMBER}, {"id": 1, "mobilePhone": [NUMBER]}]
    server.replies += [
        json_reply({"items": [*odd, {"id": 7, "homePhone": 5, "workPhone": NUMBER}]}),
        json_reply({}),
        json_reply("gone", status=404),
    ]
    (payload,) = run("actions.upsert_contact", {"number": NUMBER, "firstName": "Ann"}, config_for(server.url))
    assert payload["body"] == {"result": "updated", "id": 7, "contact": {"id": 7, "firstName": "Ann"}}


@pytest.mark.parametrize(("count", "end"), [(10, "8, 9. Nothing"), (11, "8, 9, …. Nothing")])
def test_an_error_names_ten_contacts(count: int, end: str) -> None:
    found = [{"id": number} for number in range(count)]
    with pytest.raises(InvalidInput, match=re.escape(end)):
        only_one(found, Identity(number=NUMBER), takes_first=False)


def test_a_number_without_a_free_property_is_refused(world: World) -> None:
    given = {phone: f"1213200039{place}" for place, phone in enumerate(CONTACT_PROPERTIES)}
    known = upsert(world, given)
    world.asked()
    with pytest.raises(InvalidInput, match=r"^number: the new contact cannot have this number"):
        upsert(world, {**given, "number": "12132000384"}, facts("b"))
    assert world.asked() == ["GET /contacts"]
    again = upsert(world, {**given, "number": given["extraPhone3"]}, facts("c"))
    assert (again["result"], again["id"]) == ("updated", known["id"])


def test_one_thread_at_a_time_works_on_a_number() -> None:
    recent = RecentContacts()
    inside, order = threading.Event(), []

    def second() -> None:
        inside.set()
        with recent.working_on("number"):
            order.append("second")

    with recent.working_on("number"), recent.working_on("other"):
        thread = threading.Thread(target=second)
        thread.start()
        inside.wait()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert not recent._locks


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    recent = RecentContacts(size=2)
    for number in range(3):
        recent.add(f"number {number}", number)
    assert [recent.get(f"number {number}", since=0) for number in range(3)] == [None, 1, 2]
    assert recent.get("number 2", since=float("inf")) is None
