"""The state in memory: tables of records with indexes.

A record is a dict as CallFire answers it; what only the sandbox knows stands under the key `_` and is never answered.
Records change through their table only, so that indexes, views, stored answers and the journal follow.
"""

import json
from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from sandbox.world.query import Record, Selection, View, look

FIRST_ID = 7_420_017_300_281_076_000
"""Beyond 2^53 as on the real service: an id that goes through a float comes back as another one."""

VIEWS_KEPT = 24
LOG_KEPT = 200_000


class Table:
    """Records of one kind by id, with indexes on the fields that are searched for."""

    def __init__(
        self,
        name: str,
        new_id: Callable[[], int],
        touched: set[tuple[str, int]],
        *,
        indexes: Iterable[str] = (),
        times: Iterable[str] = (),
    ) -> None:
        self.name = name
        self.rows: dict[int, Record] = {}
        self.log: list[int] = []
        self._touched = touched
        self._new_id = new_id
        self._equal: dict[str, dict[Any, dict[int, None]]] = {index: {} for index in indexes}
        self._times: dict[str, list[tuple[int, int]]] = {name: [] for name in times}
        self._views: OrderedDict[tuple[Any, ...], View] = OrderedDict()
        self._encoded: dict[int, bytes] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Record]:
        return iter(list(self.rows.values()))

    def add(self, record: Record) -> Record:
        """Take a record in; it gets an id if it has none."""
        record.setdefault("id", self._new_id())
        self.rows[record["id"]] = record
        self._index(record)
        self._changed(record["id"])
        return record

    def change(self, record: Record, **values: Any) -> Record:
        """Set fields of a record; None removes one."""
        changed = {name for name, value in values.items() if record.get(name) != value}
        if "_" in changed:
            before, after = record.get("_", {}), values["_"] or {}
            changed |= {name for name in before | after if before.get(name) != after.get(name)}
        self._unindex(record, changed)
        for name, value in values.items():
            if value is None:
                record.pop(name, None)
            else:
                record[name] = value
        self._index(record, changed)
        self._changed(record["id"])
        return record

    def note(self, record: Record, **values: Any) -> Record:
        """Set what only the sandbox knows of a record."""
        return self.change(record, _={**record.get("_", {}), **values})

    def remove(self, record: Record) -> None:
        """Take a record out for good."""
        self._unindex(record)
        del self.rows[record["id"]]
        self._changed(record["id"])

    def get(self, number: int) -> Record | None:
        """The record with that id."""
        return self.rows.get(number)

    def each(self, index: str, value: Any) -> Iterator[Record]:
        """Records whose indexed field has exactly this value, oldest first; not to be changed on the way."""
        return (self.rows[number] for number in self._equal[index].get(value, ()))

    def count(self, index: str, value: Any) -> int:
        """How many `each` gives, without looking at them."""
        return len(self._equal[index].get(value, ()))

    def where(self, **values: Any) -> list[Record]:
        """Records whose fields have exactly these values, oldest first; the first field named must be indexed."""
        (name, value), *rest = values.items()
        return [record for record in self.each(name, value) if all(record.get(key) == wanted for key, wanted in rest)]

    def first(self, **values: Any) -> Record | None:
        """The first of `where`."""
        return next(iter(self.where(**values)), None)

    def find(self, selection: Selection, offset: int, limit: int) -> tuple[list[Record], int]:
        """One page of a selection, and how many it has in all."""
        if len(self.log) > LOG_KEPT:
            self.log.clear()
            self._views.clear()
        key = (selection.order, *selection.key)
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = View(self, selection)
            if len(self._views) > VIEWS_KEPT:
                self._views.popitem(last=False)
        self._views.move_to_end(key)
        return view.page(offset, limit)

    def candidates(self, selection: Selection) -> Iterable[Record]:
        """The narrowest known set that holds every match."""
        narrowest: Any = self.rows
        for name, value in selection.equal:
            if name in self._equal:
                narrowest = min(narrowest, self._equal[name].get(value, {}), key=len)
        if selection.between and selection.between[0] in self._times:
            name, begin, end = selection.between
            entries = self._times[name]
            low, high = bisect_left(entries, (begin, -1)), bisect_right(entries, (end, FIRST_ID * 2))
            if high - low < len(narrowest):
                narrowest = [number for _, number in entries[low:high]]
        return (self.rows[number] for number in narrowest)

    def encoded(self, record: Record) -> bytes:
        """The record as JSON, kept until it changes."""
        number = record["id"]
        data = self._encoded.get(number)
        if data is None:
            data = self._encoded[number] = encode(public(record))
        return data

    def _changed(self, number: int) -> None:
        self.log.append(number)
        self._touched.add((self.name, number))
        self._encoded.pop(number, None)

    def _index(self, record: Record, changed: set[str] | None = None) -> None:
        for name in _among(self._equal, changed):
            for value in _values(look(record, name)):
                self._equal[name].setdefault(value, {})[record["id"]] = None
        for name in _among(self._times, changed):
            if (time := look(record, name)) is not None:
                insort(self._times[name], (time, record["id"]))

    def _unindex(self, record: Record, changed: set[str] | None = None) -> None:
        for name in _among(self._equal, changed):
            for value in _values(look(record, name)):
                self._equal[name][value].pop(record["id"], None)
        for name in _among(self._times, changed):
            if (time := look(record, name)) is not None:
                entries = self._times[name]
                del entries[bisect_left(entries, (time, record["id"]))]


def _among(indexed: Iterable[str], changed: set[str] | None) -> Iterable[str]:
    """The indexed fields that a change concerns."""
    return indexed if changed is None else [name for name in indexed if name in changed]


def _values(value: Any) -> Iterable[Any]:
    """What an indexed field counts as: each label of a list, the value itself otherwise."""
    return value if isinstance(value, list) else () if value is None else (value,)


def public(record: Record) -> Record:
    """The record without what only the sandbox knows."""
    return {name: value for name, value in record.items() if name != "_"} if "_" in record else record


def encode(value: Any) -> bytes:
    """Compact JSON in UTF-8; half a surrogate pair, which UTF-8 cannot carry, is escaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def ids(first: int = FIRST_ID) -> Iterator[int]:
    """Ids as the service gives them: growing, and closer together than a float can tell apart."""
    return count(first, 7)
