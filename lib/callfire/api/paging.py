"""Fetching the pages of a list, with one page and the IDs of all items in memory.

The last page is shorter than requested, unless the response shows that more items remain. `totalCount` may be -1 or
missing, and so may the other paging keys. Items that move to a later page because others are inserted are yielded once.
Items that move to an earlier page because others are deleted can be missed.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lib.callfire import form
from lib.callfire.api.errors import CallFireError
from lib.callfire.exact_json import whole
from lib.callfire.form import Config, FormField

Page = dict[str, Any]
DEFAULT_PAGE_SIZE = 100
LARGEST_PAGE_SIZE = 10_000
PAGE_SIZE: FormField = form.text_field(
    "Page Size",
    f"Number of items per request. Default: {DEFAULT_PAGE_SIZE}. Ignored if the message contains Limit or Offset.",
    order=30,
    placeholder=str(DEFAULT_PAGE_SIZE),
)
_KEYS = ("items", "totalCount", "limit", "offset")
# If CallFire caps pages without an announcement, the cap is most likely its documented default.
_USUAL_CAP = 100
# One page repeats if as many items as it has are inserted between two requests.
_TOO_MANY_REPEATS = 2


def page_size(config: Config) -> int:
    """Read the form's pageSize: items per request, 1 to 10,000. Default: 100."""
    return form.whole(config, "pageSize", DEFAULT_PAGE_SIZE, 1, LARGEST_PAGE_SIZE)


def walk(
    fetch: Callable[[int, int], Page],
    size: int,
    *,
    what: str = "CallFire",
    key: tuple[str, ...] = ("id",),
    lists: tuple[str, ...] = ("items",),
) -> Iterator[Page]:
    """Yield the pages of `fetch(limit, offset)` without items of earlier pages. The first page may be empty.

    `key` are the fields that together identify an item; items without them are never duplicates. `lists` are the lists
    of a page that share one limit and offset. `what` names the operation in errors. Raises `CallFireError` if pages
    repeat, since such a list has no end.
    """
    seen: set[tuple[Any, ...]] = set()
    offset, repeats = 0, 0
    before: list[list[Any]] = []
    while True:
        page = fetch(size, offset)
        items = [_items(page, name) for name in lists]
        fresh = {name: [item for item in _items(page, name) if _is_new(item, name, key, seen)] for name in lists}
        if offset == 0 or any(fresh.values()):
            yield {**page, **fresh}
        if is_last(page, sum(map(len, items)), size, offset):
            return
        repeats = repeats + 1 if items == before or not any(fresh.values()) else 0
        if repeats == _TOO_MANY_REPEATS:
            raise CallFireError(
                f"{what}: CallFire returned the same items for different offsets, so the list has no end. Use a larger "
                "page size, or read one page with limit and offset."
            )
        before = items
        offset += max(map(len, items))


def is_page(value: Any) -> bool:
    """Return whether a decoded response is a page: an object with paging keys whose `items`, if any, are a list."""
    if not isinstance(value, dict) or value.keys().isdisjoint(_KEYS):
        return False
    return isinstance(value.get("items"), list | None)


def _items(page: Page, name: str) -> list[Any]:
    items = page.get(name)
    return items if isinstance(items, list) else []


def _is_new(item: Any, name: str, key: tuple[str, ...], seen: set[tuple[Any, ...]]) -> bool:
    values = tuple(item.get(part) for part in key) if isinstance(item, Mapping) else ()
    if not any(isinstance(value, int | str) for value in values):
        return True
    mark = (name, *map(str, values))
    if mark in seen:
        return False
    seen.add(mark)
    return True


def is_last(page: Page, count: int, asked: int, offset: int) -> bool:
    """Return whether a page of `count` items is the last one; `asked` items were requested after `offset` others."""
    if count == 0:
        return True
    if count >= asked:
        return False
    total, granted = whole(page.get("totalCount")), whole(page.get("limit"))
    if granted is not None and 0 < granted <= count:
        return False
    if total is not None and total >= 0:
        return offset + count >= total
    # The page may be short, or CallFire may have capped it. A page of at least the usual cap causes another request.
    return granted is not None or count < _USUAL_CAP
