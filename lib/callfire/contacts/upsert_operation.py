"""Upsert of a contact as an action: update if found, otherwise create.

    search ──> one contact ─────────────────────────> update ──> updated
            ├─ several ──> error, or the oldest ────> update ──> updated
            └─ none ─────> create by `OutboundDelivery` ───────> created

A create with an unknown outcome is searched before it is repeated, as in sends. The ledger and the memory of recent
contacts prevent a second contact while CallFire does not list the first one yet.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from elasticio import Message, Step

from lib.callfire import clock
from lib.callfire.api.client import Client, client_for
from lib.callfire.api.errors import InvalidInput, OutcomeUnknown
from lib.callfire.contacts.contact_search import Contact, ContactSearch, Identity, only_created, only_one
from lib.callfire.contacts.recent_contacts import RECENT
from lib.callfire.contacts.upsert_form import UpsertOptions, upsert_fields
from lib.callfire.exact_json import is_id
from lib.callfire.form import Config, FormField
from lib.callfire.operation.body import list_as, properties_of
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import Field, integer, model, models, phone, text
from lib.callfire.operation.operation import POST, PUT, Operation, Payload
from lib.callfire.operation.returns import Returns, results_of
from lib.callfire.phone_numbers import CONTACT_PROPERTIES
from lib.callfire.sending import idempotency_key
from lib.callfire.sending.ledger import MESSAGES, LedgerEntry
from lib.callfire.sending.outbound_delivery import OutboundDelivery
from lib.callfire.sending.recipients import Recipient, SentItem

CREATED, UPDATED = "created", "updated"
FOUND = "found"
NUMBER = phone(
    "number",
    "Phone number by which the contact is found, in any notation. Default: the first phone number below. A new contact "
    "without this number receives it as its mobile number.",
    label="Phone Number",
)
RESULT = Returns(
    (
        text("result", "created or updated.", choices=(CREATED, UPDATED)),
        integer("id", "ID of the contact.", label="ID"),
        model("contact", "Contact", "The contact after the change."),
    )
)
_CREATE = Operation(
    POST("/contacts"), body=list_as(models("contacts", "Contact", "The contact.")), returns=results_of("ResourceId")
)
_UPDATE = Operation(PUT("/contacts/{id}"), path=(integer("id", "ID."),), body=properties_of("Contact"))


@dataclass(frozen=True)
class UpsertOperation(Operation):
    """An operation that updates a contact, or creates it if the account has none."""

    returns: Returns = RESULT

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All inputs: the number to search for, and the properties of the contact. Its numbers are normalized."""
        given = super().fields
        return (
            NUMBER,
            *(phone(one.name, one.about, label=one.label) if one.name in CONTACT_PROPERTIES else one for one in given),
        )

    @property
    def form_fields(self) -> Mapping[str, FormField]:
        """The form fields, without those of all actions."""
        return upsert_fields()

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Update or create the contact and emit it."""
        with rebounding(config):
            options = UpsertOptions.read(config)
            values = self.inputs(message.body, config)
            client = client_for(config)
            identity = _identity(values, options)
            key = idempotency_key.key_of_message(step, message.body, None)
            owner = (client.credentials.server, client.credentials.username, identity)
            with MESSAGES.working_on(key, step.incoming, idempotency=True) as entry, RECENT.working_on(owner):
                upsert = Upsert(client, options, identity, owner, key, entry)
                yield {"body": upsert.run(step, values)}
                entry.finish()
            if step.incoming.message_id is None:
                MESSAGES.drop(key)


@dataclass(frozen=True)
class Upsert:
    """The upsert of one message. `owner` is the identity within the account."""

    client: Client
    options: UpsertOptions
    identity: Identity
    owner: Hashable
    message_key: str
    entry: LedgerEntry

    @cached_property
    def search(self) -> ContactSearch:
        """The search in the account."""
        return ContactSearch(self.client, self.options.page_size)

    def run(self, step: Step, values: Mapping[str, Any]) -> dict[str, Any]:
        """Update or create the contact with the inputs. Returns the body to emit. Raises a `CallFireError`."""
        contact = {name: value for name, value in values.items() if name != NUMBER.name}
        found = None if self.message_key in self.entry.answers else self._existing()
        if found:
            number = found["id"]
            self._update(number, contact)
        else:
            contact = _with_number(contact, values.get(NUMBER.name))
            created = self._create(step, contact)
            number = created["id"]
            if created.get(FOUND):  # another message may have created it, with other properties
                self._update(number, contact)
        shown = self.search.read(number) or {"id": number, **contact}
        return {"result": UPDATED if found else CREATED, "id": number, "contact": dict(shown)}

    def _existing(self) -> Contact | None:
        """Return the contact that CallFire lists, or that this process created a short time ago."""
        found = only_one(self.search.find(self.identity), self.identity, takes_first=self.options.takes_first)
        if found:
            return found
        since = clock.monotonic() - self.options.creating.settle_time
        number = RECENT.get(self.owner, since)
        recent = None if number is None else self.search.read(number)
        return recent if recent and self.identity.matches(recent) else None

    def _update(self, number: Any, changes: Mapping[str, Any]) -> None:
        """Change the given properties. Without properties, no request is needed."""
        if changes:
            self.client.call(_UPDATE.request({**changes, "id": number}))

    def _create(self, step: Step, contact: Mapping[str, Any]) -> SentItem:
        """Create the contact once and return its item: the ID, and whether a search has found it."""
        new = Recipient(
            0,
            self.message_key,
            dict(contact),
            content=(idempotency_key.canonical(contact),),
            advice=f"Search CallFire for the {self.identity.noun} of the contact before you retry.",
        )
        sender = ContactSender(self)
        OutboundDelivery(sender, self.entry, step.incoming, self.options.creating).run([new])
        item = new.item or {}
        RECENT.add(self.owner, item.get("id"))
        return item


@dataclass(frozen=True)
class ContactSender:
    """Creates one contact. Implements `outbound_delivery.Sender`."""

    upsert: Upsert
    noun: str = "contact"
    what: str = str(_CREATE.route)

    def send(self, recipients: Sequence[Recipient]) -> list[SentItem]:
        """Create the contact and return its ID. Raises a `CallFireError`."""
        answer = self.upsert.client.call(_CREATE.request({"contacts": [recipients[0].outgoing]})).value
        items = answer.get("items") if isinstance(answer, Mapping) else answer
        item = items[0] if items else None
        if not isinstance(item, Mapping) or not is_id(item.get("id")):
            raise OutcomeUnknown(f"{self.what}: CallFire's response does not contain the ID of the contact.")
        return [{"id": item["id"]}]

    def find(self, recipients: Sequence[Recipient]) -> Mapping[str, SentItem]:  # noqa: ARG002 (the contact itself)
        """Return the contact that an earlier attempt created, as {message key: item}.

        Raises `OutcomeUnknown` with the IDs for several contacts, unless the form selects the oldest.
        """
        found = self.upsert.search.find(self.upsert.identity)
        contact = only_created(found, self.upsert.identity, takes_first=self.upsert.options.takes_first)
        return {self.upsert.message_key: {"id": contact["id"], FOUND: True}} if contact else {}

    def check(self, recipients: Sequence[Recipient]) -> None:
        """Do nothing: contacts have no compliance checks."""


def _identity(values: Mapping[str, Any], options: UpsertOptions) -> Identity:
    """Return what to search for. Raises `InvalidInput` if the message does not contain it."""
    if not options.by_number:
        external = values.get("externalId")
        if not external:
            raise InvalidInput('externalId: is required, because the form selects "Match By: External ID".')
        return Identity(external_id=external, external_system=values.get("externalSystem") or "")
    number = values.get("number") or next((values[name] for name in CONTACT_PROPERTIES if values.get(name)), None)
    if not number:
        raise InvalidInput("number: is required. Map number, or a phone number of the contact such as mobilePhone.")
    return Identity(number=number)


def _with_number(contact: Mapping[str, Any], number: str | None) -> dict[str, Any]:
    """Return a new contact with a number. If none of its properties has the number, the first free one receives it.

    Raises `InvalidInput` if no property is free: a later message with the number would not find the contact.
    """
    if not number or number in (contact.get(name) for name in CONTACT_PROPERTIES):
        return dict(contact)
    free = next((name for name in CONTACT_PROPERTIES if not contact.get(name)), None)
    if free is None:
        raise InvalidInput(
            "number: the new contact cannot have this number, because all its phone numbers are given. Leave one of "
            f"{', '.join(CONTACT_PROPERTIES)} empty."
        )
    return {**contact, free: number}
