"""Walking the pages of a list, one page in memory at a time.

The end is a page that is shorter than asked for, unless CallFire says that more remain: `totalCount` may be -1 or
missing, and so may the other paging keys. No item is yielded twice when others are inserted before it meanwhile.
What cannot be promised: an item that moves to an earlier page because others are deleted during the walk is missed.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lib.callfire import form
from lib.callfire.form import Config, FormField

Page = dict[str, Any]
DEFAULT_PAGE_SIZE = 100
LARGEST_PAGE_SIZE = 10_000
PAGE_SIZE: FormField = form.text_field(
    "Page Size",
    f"Number of items per request. Default: {DEFAULT_PAGE_SIZE}. Ignored if the message contains Limit or Offset.",
    order=80,
    placeholder=str(DEFAULT_PAGE_SIZE),
)
# Where CallFire silently caps a page, its documented default is the likeliest cap.
_USUAL_CAP = 100


def page_size(config: Config) -> int:
    """Read the form's pageSize: items per request, 1 to 10,000."""
    return form.whole(config, "pageSize", DEFAULT_PAGE_SIZE, 1, LARGEST_PAGE_SIZE)


def walk(
    fetch: Callable[[int, int], Page],
    size: int,
    *,
    key: tuple[str, ...] = ("id",),
    lists: tuple[str, ...] = ("items",),
) -> Iterator[Page]:
    """Yield page after page of `fetch(limit, offset)`, without items seen before; the first one even when empty.

    `key` are the fields that together tell items apart; items without any are never taken for repeats. `lists` are the
    page's lists that one limit and one offset apply to.
    """
    seen: set[tuple[Any, ...]] = set()
    offset = 0
    while True:
        page = fetch(size, offset)
        counts = [len(_items(page, name)) for name in lists]
        fresh = {name: [item for item in _items(page, name) if _is_new(item, name, key, seen)] for name in lists}
        if offset == 0 or any(fresh.values()):
            yield {**page, **fresh}
        if is_last(page, sum(counts), size, offset):
            return
        offset += max(counts)


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
    """Whether a page of `count` items is the last one, when `asked` were asked for after `offset` others."""
    if count == 0:
        return True
    if count >= asked:
        return False
    total, granted = page.get("totalCount"), page.get("limit")
    if isinstance(granted, int) and 0 < granted <= count:
        return False
    if isinstance(total, int) and total >= 0:
        return offset + count >= total
    # Nothing says whether the page is short or capped: a larger page than usual is worth one more request.
    return granted is not None or count < _USUAL_CAP
