"""Looking for what was sent already, by its key.

Asked for by number, since the few texts or calls to one number are one page: all of it is seen, in whatever order, and
it does not matter which of its times CallFire's interval filters mean. Only where a number has a longer history is
it narrowed to the time since the message began; what is not finished is then asked for apart, because an interval may
mean the time of finishing. For many recipients the whole campaign since then is walked first: it finds most of them
with few requests, but proves nothing of those it does not find, because a list that changes can hide an item while it
is walked.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from lib.callfire.api import paging
from lib.callfire.api.client import Client, Request
from lib.callfire.api.errors import NotFound
from lib.callfire.sending import keys, numbers
from lib.callfire.sending.channel import Channel
from lib.callfire.sending.rows import Row

PAGE = 100
MANY = 20
# Clocks differ, and CallFire's times may be whole seconds.
MARGIN = 15 * 60 * 1000
UNFINISHED = "READY,SELECTED,CALLBACK,DISABLED,DNC,DUP,INVALID,TIMEOUT,PERIOD_LIMIT"
_PHONES = ("mobilePhone", "homePhone", "workPhone", "extraPhone1", "extraPhone2", "extraPhone3")
Item = Mapping[str, Any]


@dataclass(frozen=True)
class Search:
    """Where to look: texts or calls, of one campaign or of none in particular, since a moment (Unix milliseconds)."""

    client: Client
    channel: Channel
    campaign: int | None
    begun: int | None
    region: str

    def find(self, rows: Iterable[Row]) -> dict[str, Item]:
        """Return what these rows have become, as far as it is there: {key: text or call}."""
        left = {row.key: row for row in rows}
        found: dict[str, Item] = {}
        if len(left) > MANY and self.begun is not None:
            found = self._matching(self._since({}), left)
        for key in [key for key in left if key not in found]:
            for number in self._numbers(left[key]):
                found |= self._matching(self._to(number), {key: left[key]})
                if key in found:
                    break
        return found

    def _to(self, number: str) -> Iterator[Item]:
        """Texts or calls to a number: all, or where these are many, those that can be meant."""
        who = {"toNumber": number}
        first = self._page({**who, "limit": PAGE, "offset": 0})
        items = first.get("items") or []
        yield from items
        if paging.is_last(first, len(items), PAGE, 0):
            return
        if self.begun is None:
            yield from self._walk(who)
            return
        yield from self._walk({**who, "states": UNFINISHED})
        yield from self._since(who)

    def _since(self, filters: Mapping[str, Any]) -> Iterator[Item]:
        return self._walk({**filters, "intervalBegin": max(0, (self.begun or 0) - MARGIN)})

    def _walk(self, filters: Mapping[str, Any]) -> Iterator[Item]:
        def fetch(limit: int, offset: int) -> dict[str, Any]:
            return self._page({**filters, "limit": limit, "offset": offset})

        for page in paging.walk(fetch, PAGE):
            yield from page.get("items") or []

    def _page(self, filters: Mapping[str, Any]) -> dict[str, Any]:
        campaign = {} if self.campaign is None else {"campaignId": self.campaign}
        answer = self._get(self.channel.path, f"GET {self.channel.path}", {**campaign, "inbound": "false", **filters})
        return answer if isinstance(answer, dict) else {"items": answer}

    def _numbers(self, row: Row) -> list[str]:
        """The numbers that a recipient may have been reached at, in CallFire's digits."""
        if number := row.recipient.get("phoneNumber"):
            return [self._digits(str(number))]
        path = f"/contacts/{quote(str(row.recipient['contactId']), safe='')}"
        try:
            contact = self._get(path, "GET /contacts/{id}", {})
        except NotFound:
            return []
        return list(dict.fromkeys(self._digits(str(contact[name])) for name in _PHONES if contact.get(name)))

    def _digits(self, number: str) -> str:
        try:
            return numbers.normal(number, self.region)
        except ValueError:
            return number

    def _get(self, path: str, what: str, query: Mapping[str, Any]) -> Any:
        request = Request("GET", path, what, query=urlencode(query, quote_via=quote), repeatable=True)
        return self.client.call(request).value or {}

    @staticmethod
    def _matching(items: Iterable[Item], wanted: Mapping[str, Row]) -> dict[str, Item]:
        found: dict[str, Item] = {}
        for item in items:
            key = keys.read(item)
            if key in wanted:
                found[str(key)] = item
                if len(found) == len(wanted):
                    break
        return found
