"""Filters of find operations, and views: what a filter selects, kept ready so that any page of it costs the same.

A view is built once, from the narrowest index that fits, and then follows the table's changes. Paging through
100,000 texts with a filter is therefore one pass over the candidates and one slice for each page.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

Record: TypeAlias = dict[str, Any]
Test: TypeAlias = Callable[[Record], bool]

_MIX = 0x9E3779B97F4A7C15 | 1
_MIX_BACK = pow(_MIX, -1, 2**64)


def look(record: Record, name: str) -> Any:
    """A field of a record, answered or kept to the sandbox; None if it has none."""
    return record[name] if name in record else record.get("_", {}).get(name)


@dataclass(frozen=True)
class Order:
    """An order of records by id: a key to sort by and the way back from key to id."""

    key: Callable[[int], int]
    id: Callable[[int], int]


ORDERS: dict[str, Order] = {
    "newest": Order(key=lambda number: -number, id=lambda key: -key),
    "oldest": Order(key=lambda number: number, id=lambda key: key),
    # A fixed permutation: no order that a caller could rely on, and yet the same on every page.
    "shuffled": Order(key=lambda number: number * _MIX % 2**64, id=lambda key: key * _MIX_BACK % 2**64),
}


@dataclass(frozen=True)
class Selection:
    """What to select: tests, and hints where to look (an indexed field's value, or a range of an indexed time).

    `key` identifies the selection: two with the same key select the same.
    """

    key: tuple[Any, ...] = ()
    tests: tuple[Test, ...] = ()
    equal: tuple[tuple[str, Any], ...] = ()
    between: tuple[str, float, float] | None = None
    order: str = "oldest"

    def matches(self, record: Record) -> bool:
        """Whether every test holds."""
        return all(test(record) for test in self.tests)


class Source(Protocol):
    """What a view needs to know of its table."""

    rows: dict[int, Record]
    log: list[int]

    def candidates(self, selection: Selection) -> Iterable[Record]:
        """At least every record that the selection matches."""


@dataclass
class View:
    """The keys of what a selection matches, in order."""

    source: Source
    selection: Selection
    keys: list[int] = field(init=False)
    position: int = field(init=False)

    def __post_init__(self) -> None:
        key = ORDERS[self.selection.order].key
        matches = self.selection.matches
        self.keys = sorted(key(record["id"]) for record in self.source.candidates(self.selection) if matches(record))
        self.position = len(self.source.log)

    def page(self, offset: int, limit: int) -> tuple[list[Record], int]:
        """One page, and how many there are in all."""
        self._catch_up()
        back = ORDERS[self.selection.order].id
        rows = self.source.rows
        return [rows[back(key)] for key in self.keys[offset : offset + limit]], len(self.keys)

    def _catch_up(self) -> None:
        log, rows = self.source.log, self.source.rows
        if self.position == len(log):
            return
        order = ORDERS[self.selection.order]
        for number in set(log[self.position :]):
            key = order.key(number)
            at = bisect_left(self.keys, key)
            listed = at < len(self.keys) and self.keys[at] == key
            record = rows.get(number)
            wanted = record is not None and self.selection.matches(record)
            if wanted and not listed:
                insort(self.keys, key)
            elif listed and not wanted:
                del self.keys[at]
        self.position = len(log)
