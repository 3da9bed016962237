"""What most operations are: find some, get one. A kind of resource is declared once, with its filters.

TEXTS = Kind("texts", "text", TEXT)
TEXTS.find("findTexts", "GET /texts", "Find texts", equals("campaignId", LONG), limit=10)
TEXTS.get("getText", "GET /texts/{id}", "Find a specific text")
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.api.operation import FIELDS, Page, Parameter, Request, operation, paging
from sandbox.api.schema import BOOLEAN, LONG, STRING, Schema, list_of, page_of
from sandbox.errors import BadRequest
from sandbox.world.query import Record, Selection, Test, look
from sandbox.world.state import World


@dataclass(frozen=True)
class Filter:
    """A query parameter and what it asks of a record.

    `index` names the indexed field whose value it gives. A filter that stands `alone` switches all others off.
    """

    parameter: Parameter
    test: Callable[[Any], Test]
    index: str | None = None
    alone: bool = False


def equals(name: str, schema: Schema = STRING, field: str | None = None, *, index: bool = False) -> Filter:
    """The field has exactly that value."""
    field = field or name
    return Filter(
        Parameter(name, schema), lambda value: lambda record: record.get(field) == value, field * index or None
    )


def holds(name: str, schema: Schema = STRING, field: str | None = None) -> Filter:
    """The value is among those of the field, which is indexed."""
    field = field or name
    return Filter(Parameter(name, schema), lambda value: lambda record: value in (look(record, field) or ()), field)


def flag(name: str, field: str | None = None) -> Filter:
    """The field is true, or is not; a field that a record lacks is false."""
    field = field or name
    return Filter(Parameter(name, BOOLEAN), lambda value: lambda record: bool(record.get(field)) is value)


def words(name: str, field: str) -> Filter:
    """The field has one of the values in a comma separated string."""

    def test(value: str) -> Test:
        wanted = {word.strip().upper() for word in value.split(",")}
        return lambda record: record.get(field) in wanted

    return Filter(Parameter(name, STRING), test)


def contains(name: str, field: str) -> Filter:
    """The field contains the text, whatever the case."""
    return Filter(
        Parameter(name, STRING), lambda value: lambda record: value.lower() in str(record.get(field, "")).lower()
    )


def labelled(name: str = "label") -> Filter:
    """The record carries the label."""
    return holds(name, field="labels")


def identities() -> Filter:
    """The record is one of these; every other filter is then off."""
    return Filter(Parameter("id", list_of(LONG)), lambda value: lambda record: record["id"] in value, alone=True)


INTERVAL = (Parameter("intervalBegin", LONG), Parameter("intervalEnd", LONG))


def interval(world: World, begin: int | None, end: int | None, field: str) -> tuple[Test, tuple[str, float, float]]:
    """A test for a time between two, and the range to look in; the switch says whether the bounds are inside."""
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
    """The offset and the limit of a request. Raises BadRequest where they make no sense."""
    limit, offset = request.query.get("limit"), request.query.get("offset") or 0
    limit = default if limit is None else limit
    if limit < 1 or offset < 0:
        raise BadRequest("limit must be at least 1 and offset at least 0")
    largest = request.world.switches.max_limit
    if limit > largest and request.world.switches.over_limit == "refuse":
        raise BadRequest(f"limit must not be greater than {largest}")
    return offset, min(limit, largest)


@dataclass(frozen=True)
class Kind:
    """A kind of resource: its table, what it is called in errors, its schema and which records are ever listed."""

    table: str
    what: str
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
        """Declare the operation that lists them."""
        parameters = (*(entry.parameter for entry in filters), *(INTERVAL if by_time else ()), *paging(limit), FIELDS)

        def find(request: Request) -> Page:
            return self.page(request, filters)

        operation(name, route, *parameters, title=title, returns=page_of(self.schema), login=login)(find)

    def get(self, name: str, route: str, title: str) -> None:
        """Declare the operation that answers one."""

        def get(request: Request) -> Record:
            return self.need(request)

        operation(name, route, FIELDS, title=title, returns=self.schema)(get)

    def need(self, request: Request) -> Record:
        """The record that the path names. Raises NotFound."""
        return request.world.need(self.table, request.path["id"], self.what)

    def page(
        self, request: Request, filters: tuple[Filter, ...] = (), *, fixed: tuple[tuple[Filter, Any], ...] = ()
    ) -> Page:
        """One page of what the filters select, with the values of the query or with fixed ones."""
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
