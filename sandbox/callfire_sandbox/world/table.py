"""Tables of records in memory, with indexes.

A record is a dict in the shape that the API answers. Facts that only the sandbox needs are under the key `_`, which
is never answered. Records change only through their table, so indexes, views, cached JSON and the state file follow.
"""

import json
from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from callfire_sandbox.world.query import Record, Selection, View, look

VIEWS_KEPT = 24
LOG_KEPT = 200_000


class Table:
    """Records of one type by id, with indexes on the fields that requests search for."""

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
        """Add a record. A record without an id gets one."""
        record.setdefault("id", self._new_id())
        self.rows[record["id"]] = record
        self._index(record)
        self._changed(record["id"])
        return record

    def change(self, record: Record, **values: Any) -> Record:
        """Set fields of a record; None removes a field."""
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
        """Set facts under `_`, which the API does not answer."""
        return self.change(record, _={**record.get("_", {}), **values})

    def remove(self, record: Record) -> None:
        """Remove a record."""
        self._unindex(record)
        del self.rows[record["id"]]
        self._changed(record["id"])

    def get(self, number: int) -> Record | None:
        """Return the record with that id, or None."""
        return self.rows.get(number)

    def each(self, index: str, value: Any) -> Iterator[Record]:
        """Yield records by the exact value of an indexed field, oldest first. Do not change records meanwhile."""
        return (self.rows[number] for number in self._equal[index].get(value, ()))

    def count(self, index: str, value: Any) -> int:
        """Return how many records `each` yields, without reading them."""
        return len(self._equal[index].get(value, ()))

    def last(self, index: str, value: Any) -> Record | None:
        """Return the last record that `each` yields, or None, without reading the others."""
        number = next(reversed(self._equal[index].get(value, {})), None)
        return None if number is None else self.rows[number]

    def where(self, **values: Any) -> list[Record]:
        """Return records by exact values of fields, oldest first. The first field must be indexed."""
        return list(self._matching(values)) if len(values) > 1 else list(self.each(*next(iter(values.items()))))

    def first(self, **values: Any) -> Record | None:
        """Return the first record of `where`, or None."""
        if len(values) == 1:  # in the path of every request
            ((name, value),) = values.items()
            return next(self.each(name, value), None)
        return next(self._matching(values), None)

    def _matching(self, values: dict[str, Any]) -> Iterator[Record]:
        (name, value), *rest = values.items()
        return (record for record in self.each(name, value) if all(record.get(key) == wanted for key, wanted in rest))

    def newest(self, limit: int) -> list[Record]:
        """Return the public part of the newest records, oldest first."""
        return [public(record) for record in islice(reversed(self.rows.values()), limit)][::-1]

    def find(self, selection: Selection, offset: int, limit: int) -> tuple[list[Record], int]:
        """Return one page of a selection and the size of the whole selection."""
        key = (selection.order, *selection.key)
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = View(self, selection)
            if len(self._views) > VIEWS_KEPT:
                self._views.popitem(last=False)
        self._views.move_to_end(key)
        return view.page(offset, limit)

    def candidates(self, selection: Selection) -> Iterable[Record]:
        """Return the smallest indexed set that contains every match."""
        narrowest: Any = self.rows
        for name, value in selection.equal:
            if name in self._equal:
                narrowest = min(narrowest, self._equal[name].get(value, {}), key=len)
        if selection.between and selection.between[0] in self._times:
            name, begin, end = selection.between
            entries = self._times[name]
            low, high = bisect_left(entries, (begin, -1)), bisect_right(entries, (end, float("inf")))
            if high - low < len(narrowest):
                narrowest = [number for _, number in entries[low:high]]
        return (self.rows[number] for number in narrowest)

    def encoded(self, record: Record) -> bytes:
        """Return the record as JSON, cached until the record changes."""
        number = record["id"]
        data = self._encoded.get(number)
        if data is None:
            data = self._encoded[number] = encode(public(record))
        return data

    def _changed(self, number: int) -> None:
        if self._views:
            self._log(number)
        self._touched.add((self.name, number))
        self._encoded.pop(number, None)

    def _log(self, number: int) -> None:
        """Log a change for the views. A log that is too long is dropped together with the views that follow it."""
        if len(self.log) >= LOG_KEPT:
            self.log.clear()
            self._views.clear()
        else:
            self.log.append(number)

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
                numbers = self._equal[name].get(value, {})
                numbers.pop(record["id"], None)
                if not numbers:
                    self._equal[name].pop(value, None)
        for name in _among(self._times, changed):
            if (time := look(record, name)) is not None:
                entries = self._times[name]
                del entries[bisect_left(entries, (time, record["id"]))]


def _among(indexed: Iterable[str], changed: set[str] | None) -> Iterable[str]:
    """Return the indexed fields that a change affects; None means all."""
    return indexed if changed is None else [name for name in indexed if name in changed]


def _values(value: Any) -> Iterable[Any]:
    """Return the index keys of a value: each item of a list, or the value itself."""
    return value if isinstance(value, list) else () if value is None else (value,)


def public(record: Record) -> Record:
    """Return the record without the facts under `_`."""
    return {name: value for name, value in record.items() if name != "_"} if "_" in record else record


def encode(value: Any) -> bytes:
    """Return compact JSON in UTF-8. A lone surrogate, which UTF-8 cannot hold, is escaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
