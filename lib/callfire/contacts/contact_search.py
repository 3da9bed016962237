"""The search for contacts by phone number or external ID.

CallFire finds contacts by number in one request. It has no filter for external IDs, so that search reads the account's
contacts page by page. Both searches compare each contact again: CallFire also returns deleted contacts for a number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from lib.callfire import phone_numbers
from lib.callfire.api.client import Client
from lib.callfire.api.errors import InvalidInput, NotFound, OutcomeUnknown
from lib.callfire.exact_json import is_id

Contact = Mapping[str, Any]


@dataclass(frozen=True)
class Identity:
    """The values that identify a contact: a normalized phone number, or an external ID with its system."""

    number: str = ""
    external_id: str = ""
    external_system: str = ""

    def matches(self, contact: Contact) -> bool:
        """Return whether a contact has this identity and is not deleted."""
        if contact.get("deleted") is True:
            return False
        if self.number:
            numbers = [contact.get(name) for name in phone_numbers.CONTACT_PROPERTIES]
            given = [str(number) for number in numbers if isinstance(number, str | int)]
            return any(self.number in phone_numbers.comparable_forms(number) for number in given)
        external = (_text(contact.get("externalId")), _text(contact.get("externalSystem")))
        return external == (self.external_id, self.external_system)

    @property
    def noun(self) -> str:
        """The name of the identity in errors."""
        return "number" if self.number else "external ID"


@dataclass(frozen=True)
class ContactSearch:
    """A search in the account's contacts; `page_size` is the number of contacts per request."""

    client: Client
    page_size: int

    def find(self, identity: Identity) -> list[Contact]:
        """Return the contacts with this identity, the oldest first. Raises a `CallFireError`."""
        query = {"number": identity.number} if identity.number else {}
        found = [contact for contact in self._contacts(query) if identity.matches(contact)]
        return sorted(found, key=lambda contact: int(contact["id"]))

    def read(self, number: Any) -> Contact | None:
        """Return the contact with that ID; None if the account has none."""
        try:
            contact = self.client.get(f"/contacts/{quote(str(number), safe='')}", what="GET /contacts/{id}")
        except NotFound:
            return None
        return contact if isinstance(contact, Mapping) else None

    def _contacts(self, query: Mapping[str, Any]) -> Iterator[Contact]:
        for page in self.client.pages("/contacts", query, size=self.page_size):
            for item in page["items"]:
                if isinstance(item, Mapping) and is_id(item.get("id")):
                    yield item


def only_one(found: Sequence[Contact], identity: Identity, *, takes_first: bool) -> Contact | None:
    """Return the contact that a search found; None if it found no contact.

    Raises `InvalidInput` with the IDs for several contacts, unless `takes_first`.
    """
    if len(found) > 1 and not takes_first:
        raise InvalidInput(
            f"{_several(found, identity)} Nothing was changed. Delete the duplicates, or select Update the oldest in "
            "the form."
        )
    return found[0] if found else None


def only_created(found: Sequence[Contact], identity: Identity, *, takes_first: bool) -> Contact | None:
    """Return the contact that a search found after a create with an unknown outcome; None if it found no contact.

    Raises `OutcomeUnknown` with the IDs for several contacts, unless `takes_first`.
    """
    if len(found) > 1 and not takes_first:
        raise OutcomeUnknown(
            f"{_several(found, identity)} This message may have created one of them. Delete the duplicates before you "
            "retry."
        )
    return found[0] if found else None


def _several(found: Sequence[Contact], identity: Identity) -> str:
    ids = ", ".join(str(contact["id"]) for contact in found[:10]) + (", …" if len(found) > 10 else "")
    return f"{'number' if identity.number else 'externalId'}: {len(found)} contacts have this {identity.noun}: {ids}."


def _text(value: Any) -> str:
    return "" if value is None else str(value)
