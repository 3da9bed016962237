"""Resources: the operations that find records and get one record, declared once per resource with its filters.

TEXTS = Resource("texts", "text", TEXT)
TEXTS.find("findTexts", "GET /texts", "Find texts", equals("campaignId", LONG), limit=10)
TEXTS.get("getText", "GET /texts/{id}", "Find a specific text")
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from callfire_sandbox.api.operation import FIELDS, Page, Parameter, Request, operation, paging
from callfire_sandbox.api.schema import BOOLEAN, LONG, STRING, Schema, list_of, page_of
from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world.query import Record, Selection, Test, look
from callfire_sandbox.world.state import World


@dataclass(frozen=True)
class Filter:
    """A query parameter and the test that it applies to records.

    `index` names the indexed field that the value must equal. A filter that is `alone` disables all other filters.
    """

    parameter: Parameter
    test: Callable[[Any], Test]
    index: str | None = None
    alone: bool = False


def equals(name: str, schema: Schema = STRING, field: str | None = None, *, index: bool = False) -> Filter:
    """Return a filter for an exact value of a field."""
    field = field or name
    return Filter(
        Parameter(name, schema), lambda value: lambda record: record.get(field) == value, field * index or None
    )


def holds(name: str, schema: Schema = STRING, field: str | None = None) -> Filter:
    """Return a filter for a value in an indexed list field."""
    field = field or name
    return Filter(Parameter(name, schema), lambda value: lambda record: value in (look(record, field) or ()), field)


def flag(name: str, field: str | None = None) -> Filter:
    """Return a filter for a boolean field. A missing field counts as false."""
    field = field or name
    return Filter(Parameter(name, BOOLEAN), lambda value: lambda record: bool(record.get(field)) is value)


def words(name: str, field: str) -> Filter:
    """Return a filter for one of several values, given as a comma separated string."""

    def test(value: str) -> Test:
        wanted = {word.strip().upper() for word in value.split(",")}
        return lambda record: record.get(field) in wanted

    return Filter(Parameter(name, STRING), test)


def contains(name: str, field: str) -> Filter:
    """Return a filter for a part of a field, ignoring case."""
    return Filter(
        Parameter(name, STRING), lambda value: lambda record: value.lower() in str(record.get(field, "")).lower()
    )


def labelled(name: str = "label") -> Filter:
    """Return a filter for a label."""
    return holds(name, field="labels")


def identities() -> Filter:
    """Return a filter for ids, which disables all other filters."""

    def test(value: list[int]) -> Test:
        wanted = set(value)
        return lambda record: record["id"] in wanted

    return Filter(Parameter("id", list_of(LONG)), test, alone=True)


INTERVAL = (Parameter("intervalBegin", LONG), Parameter("intervalEnd", LONG))


def interval(world: World, begin: int | None, end: int | None, field: str) -> tuple[Test, tuple[str, float, float]]:
    """Return a test for a time in an interval, and the range to search. The `interval_bounds` switch applies."""
    low, high = begin if begin is not None else float("-inf"), end if end is not None else float("inf")
    bounds = world.switches.interval_bounds
    opening, closing = bounds[0], bounds[1]

    def test(record: Record) -> bool:
        time = look(record, field)
        if time is None:
            return False
        after = low <= time if opening == "[" else low < time
        before = time <= high if closing == "]" else time < high
        return bool(after and before)

    return test, (field, low, high)


def limits(request: Request, default: int = 100) -> tuple[int, int]:
    """Return offset and limit of a request. Raises BadRequestError for values out of range."""
    limit, offset = request.query.get("limit"), request.query.get("offset") or 0
    limit = default if limit is None else limit
    if limit < 1 or offset < 0:
        raise BadRequestError("limit, offset: must be at least 1 and 0.")
    largest = request.world.switches.max_limit
    if limit > largest and request.world.switches.over_limit == "refuse":
        raise BadRequestError(f"limit: must not be greater than {largest}.")
    return offset, min(limit, largest)


@dataclass(frozen=True)
class Resource:
    """A resource: its table, its name in error messages, its schema, and which records find operations list."""

    table: str
    noun: str
    schema: Schema
    listed: Test | None = None
    order: str | None = "oldest"
    interval_field: str | None = "created"

    def find(
        self,
        name: str,
        route: str,
        title: str,
        *filters: Filter,
        limit: int = 100,
        by_time: bool = False,
        login: str = "api",
    ) -> None:
        """Declare the operation that finds records."""
        parameters = (*(entry.parameter for entry in filters), *(INTERVAL if by_time else ()), *paging(limit), FIELDS)

        def find(request: Request) -> Page:
            return self.page(request, filters)

        operation(name, route, *parameters, title=title, returns=page_of(self.schema), login=login)(find)

    def get(self, name: str, route: str, title: str) -> None:
        """Declare the operation that returns one record."""

        def get(request: Request) -> Record:
            return self.need(request)

        operation(name, route, FIELDS, title=title, returns=self.schema)(get)

    def need(self, request: Request) -> Record:
        """Return the record with the id in the path. Raises NotFoundError."""
        return request.world.need(self.table, request.path["id"], self.noun)

    def page(
        self, request: Request, filters: tuple[Filter, ...] = (), *, fixed: tuple[tuple[Filter, Any], ...] = ()
    ) -> Page:
        """Return one page of the records that the filters select. `fixed` are filters with values of their own."""
        offset, limit = limits(request)
        selection = self._selection(request, filters, fixed)
        table = request.world[self.table]
        records, total = table.find(selection, offset, limit)
        return Page(table, records, offset, limit, total)

    def _selection(
        self, request: Request, filters: tuple[Filter, ...], fixed: tuple[tuple[Filter, Any], ...]
    ) -> Selection:
        world, query = request.world, request.query
        given = [(entry, query[entry.parameter.name]) for entry in filters if query[entry.parameter.name] is not None]
        alone = [(entry, value) for entry, value in given if entry.alone and value]
        applied = [*fixed, *(alone[:1] or given)]
        tests = [entry.test(value) for entry, value in applied]
        key: tuple[Any, ...] = tuple((entry.parameter.name, str(value)) for entry, value in applied)
        equal = [(entry.index, value) for entry, value in applied if entry.index]
        between = None
        begin, end = query.get("intervalBegin"), query.get("intervalEnd")
        if not alone and (begin, end) != (None, None):
            field = self.interval_field or world.switches.interval_field
            test, between = interval(world, begin, end, field)
            tests.append(test)
            key += (field, begin, end, world.switches.interval_bounds)
        if self.listed and not alone:
            tests.append(self.listed)
        return Selection(key, tuple(tests), tuple(equal), between, self.order or world.switches.order)
