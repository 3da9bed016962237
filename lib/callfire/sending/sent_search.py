"""The search for earlier sends in CallFire, by idempotency key.

The search reads the texts or calls to one number, which usually fit into one page. The result is then complete,
independent of the order of the list and of the meaning of CallFire's intervals. Only a longer history is limited to the
time since the message began. Unfinished items are then requested separately, because an interval may refer to the time
of finishing.

For many recipients, the search first reads the whole broadcast since that time. This finds most of them with few
requests. This step proves nothing about the others, because a list can change between the requests for its pages.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from lib.callfire import phone_numbers
from lib.callfire.api.client import Client
from lib.callfire.api.errors import NotFound
from lib.callfire.sending.idempotency_key import key_of_item
from lib.callfire.sending.recipients import Recipient, SentItem
from lib.callfire.sending.send_channel import SendChannel

MANY = 20
# Milliseconds. Clocks differ, and CallFire's times may be in whole seconds.
MARGIN = 15 * 60 * 1000
UNFINISHED = "READY,SELECTED,CALLBACK,DISABLED,DNC,DUP,INVALID,TIMEOUT,PERIOD_LIMIT"


@dataclass(frozen=True)
class SentSearch:
    """A search in texts or calls, of one broadcast or all, since a time (Unix milliseconds; None: no limit)."""

    client: Client
    channel: SendChannel
    broadcast: int | None
    since: int | None
    region: str

    def find(self, recipients: Iterable[Recipient]) -> dict[str, SentItem]:
        """Return the texts or calls with the keys of these recipients: {key: item}."""
        missing = {recipient.key: recipient for recipient in recipients}
        found: dict[str, SentItem] = {}
        if len(missing) > MANY and self.since is not None:
            found = _with_keys(self._since({}), missing)
        for key in [key for key in missing if key not in found]:
            for number in self._numbers(missing[key]):
                found |= _with_keys(self._to(number), {key: missing[key]})
                if key in found:
                    break
        return found

    def _to(self, number: str) -> Iterator[SentItem]:
        """Yield texts or calls to a number: all, or after two pages only unfinished and recent ones."""
        for count, page in enumerate(self._pages({"toNumber": number}), 1):
            yield from page
            if count == 2 and self.since is not None:  # a long history: filters reduce the number of requests
                yield from self._items({"toNumber": number, "states": UNFINISHED})
                yield from self._since({"toNumber": number})
                return

    def _since(self, filters: Mapping[str, Any]) -> Iterator[SentItem]:
        return self._items({**filters, "intervalBegin": max(0, (self.since or 0) - MARGIN)})

    def _items(self, filters: Mapping[str, Any]) -> Iterator[SentItem]:
        for page in self._pages(filters):
            yield from page

    def _pages(self, filters: Mapping[str, Any]) -> Iterator[list[SentItem]]:
        broadcast = {} if self.broadcast is None else {"campaignId": self.broadcast}
        for page in self.client.pages(self.channel.path, {**broadcast, "inbound": "false", **filters}):
            yield [item for item in page["items"] if isinstance(item, Mapping)]

    def _numbers(self, recipient: Recipient) -> list[str]:
        """Return the possible numbers of a recipient in CallFire's notation: several for a contact."""
        if number := recipient.outgoing.get("phoneNumber"):
            return [phone_numbers.comparable(str(number), self.region)]
        path = f"/contacts/{quote(str(recipient.outgoing['contactId']), safe='')}"
        try:
            contact = self.client.get(path, what="GET /contacts/{id}")
        except NotFound:
            return []
        found = contact if isinstance(contact, Mapping) else {}
        numbers = [found[name] for name in phone_numbers.CONTACT_PROPERTIES if found.get(name)]
        return list(dict.fromkeys(phone_numbers.comparable(str(number), self.region) for number in numbers))


def _with_keys(items: Iterable[SentItem], wanted: Mapping[str, Recipient]) -> dict[str, SentItem]:
    """Return the items with a wanted key. Stops reading when all keys are found."""
    found: dict[str, SentItem] = {}
    for item in items:
        key = key_of_item(item)
        if key in wanted:
            found[str(key)] = item
            if len(found) == len(wanted):
                break
    return found
