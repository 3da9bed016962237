"""CallFire's list of the items of a polling trigger, page by page."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from lib.callfire import unix_time
from lib.callfire.api import paging
from lib.callfire.api.client import Client
from lib.callfire.operation.operation import Operation


class ItemSource(Protocol):
    """The items of one run. `client` sends the requests."""

    client: Client

    @property
    def server_time(self) -> int | None:
        """CallFire's time (Unix milliseconds) from the first response that contains it."""

    def pages(self, begin: int, start: int) -> Iterator[list[Any]]:
        """Yield the items since `begin`, page by page. `start` is the time from which items are emitted."""

    def page(self, limit: int, begin: int | None) -> list[Any]:
        """Return the items of the first page."""


class ItemList:
    """An `ItemSource` for a list operation. `inbound` selects a direction, None: both. `size` is the page size."""

    def __init__(
        self, operation: Operation, client: Client, filters: Mapping[str, Any], size: int, inbound: bool | None
    ) -> None:
        self.client = client
        self.server_time: int | None = None
        self._operation = operation
        self._filters = filters
        self._size = size
        self._inbound = inbound

    def pages(self, begin: int | None, start: int) -> Iterator[list[Any]]:  # noqa: ARG002 (the run compares the times)
        """Yield the items of each page. Items may occur twice if other items are inserted meanwhile."""

        def fetch(limit: int, offset: int) -> paging.Page:
            return self._fetch(limit, offset, begin)

        # Without a key, because the IDs of a long backlog would fill the memory. The spool drops repeated items.
        for page in paging.walk(fetch, self._size, key=()):
            yield self._items(page)

    def page(self, limit: int, begin: int | None) -> list[Any]:
        """Return the items of the first page."""
        return self._items(self._fetch(limit, 0, begin))

    def _fetch(self, limit: int, offset: int, begin: int | None) -> paging.Page:
        values = {**self._filters, "limit": limit, "offset": offset}
        if begin is not None:
            values["intervalBegin"] = max(0, begin)
        answer = self.client.call(self._operation.request(values))
        self.server_time = self.server_time or unix_time.from_http_date(answer.raw.headers.get("Date", ""))
        return answer.value if isinstance(answer.value, dict) else {"items": answer.value}

    def _items(self, page: paging.Page) -> list[Any]:
        """Return the items of a page without those of the other direction. Items without a direction are kept."""
        items = page.get("items")
        listed = items if isinstance(items, list) else []
        if self._inbound is None:
            return listed
        other = not self._inbound
        return [item for item in listed if not isinstance(item, Mapping) or item.get("inbound") is not other]
