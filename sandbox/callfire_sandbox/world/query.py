"""Filters of find operations, and views that keep the result of a filter ready.

A view is built once, from the smallest index that fits, and then follows the changes of its table. Paging through
100,000 texts with a filter therefore costs one pass over the candidates and one slice for each page.
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
    """Return a public or internal field of a record, or None."""
    return record[name] if name in record else record.get("_", {}).get(name)


@dataclass(frozen=True)
class Order:
    """An order of records by id: a sort key, and the id of a sort key."""

    key: Callable[[int], int]
    id: Callable[[int], int]


ORDERS: dict[str, Order] = {
    "newest": Order(key=lambda number: -number, id=lambda key: -key),
    "oldest": Order(key=lambda number: number, id=lambda key: key),
    # A fixed permutation: callers cannot rely on the order, and all pages agree on it.
    "shuffled": Order(key=lambda number: number * _MIX % 2**64, id=lambda key: key * _MIX_BACK % 2**64),
}


@dataclass(frozen=True)
class Selection:
    """The records that a request selects.

    `equal` and `between` are hints for the search: values of indexed fields, and a range of an indexed time.
    Two selections with the same `key` must select the same records.
    """

    key: tuple[Any, ...] = ()
    tests: tuple[Test, ...] = ()
    equal: tuple[tuple[str, Any], ...] = ()
    between: tuple[str, float, float] | None = None
    order: str = "oldest"

    def matches(self, record: Record) -> bool:
        """Return whether the record passes every test."""
        return all(test(record) for test in self.tests)


class Source(Protocol):
    """The part of a table that a view reads."""

    rows: dict[int, Record]
    log: list[int]

    def candidates(self, selection: Selection) -> Iterable[Record]:
        """Return at least every record that the selection matches."""


@dataclass
class View:
    """The sort keys of all records that a selection matches, in order."""

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
        """Return one page and the number of all records in the view."""
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
