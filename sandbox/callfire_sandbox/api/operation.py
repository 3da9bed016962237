"""Operations: each has one declaration, which routes requests and describes the API.

@operation("getText", "GET /texts/{id}", FIELDS, returns=TEXT)
def get_text(request: Request) -> Result:
    '''Find a specific text'''
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from callfire_sandbox.api.schema import INT, LONG, STRING, Schema
from callfire_sandbox.errors import ApiError, NotFoundError
from callfire_sandbox.field_selection import Fields
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World
from callfire_sandbox.world.table import Table


@dataclass(frozen=True)
class Parameter:
    """A query parameter or a form field."""

    name: str
    schema: Schema
    default: Any = None
    required: bool = False


@dataclass(frozen=True)
class Upload:
    """An uploaded file."""

    filename: str
    data: bytes


@dataclass
class Request:
    """A request with validated values. An absent query value is its default or None."""

    world: World
    operation: "Operation"
    path: dict[str, Any]
    query: dict[str, Any]
    fields: Fields = field(default_factory=dict)
    body: Any = None
    files: dict[str, Upload] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One page of records of a table. The response is built from their cached JSON."""

    table: Table
    records: list[Record]
    offset: int
    limit: int
    total: int


@dataclass(frozen=True)
class Content:
    """A response body that is not JSON."""

    data: bytes
    media_type: str


Result: TypeAlias = Record | Page | Content | list[Any] | bool | None
Handler: TypeAlias = Callable[[Request], Result]


@dataclass(frozen=True)
class Operation:
    """One operation of the API. `login` is the login it requires: `api` credentials, `account` or `none`."""

    id: str
    title: str
    method: str
    path: str
    query: tuple[Parameter, ...]
    handler: Handler
    body: Schema | None = None
    form: tuple[Parameter, ...] = ()
    returns: Schema | None = None
    produces: tuple[str, ...] = ("application/json",)
    status: int = 200
    login: str = "api"
    max_bytes: int | None = None
    """The maximum size of the body; None is the general limit."""

    @property
    def tag(self) -> str:
        """The part of the API that the operation belongs to."""
        return self.path.split("/")[1]

    @property
    def path_schemas(self) -> dict[str, Schema]:
        """The schemas of the path parameters: ids are integers, all others strings."""
        return {name: LONG if name in ("id", "contactId") else STRING for name in _NAMES.findall(self.path)}


_NAMES = re.compile(r"{(\w+)}")
OPERATIONS: dict[str, Operation] = {}

FIELDS = Parameter("fields", STRING)
STRICT = Parameter("strictValidation", {"type": "boolean"}, default=False)


def paging(limit: int | None = 100) -> tuple[Parameter, ...]:
    """Return the parameters of a paged list; `limit` is the default limit."""
    return (Parameter("limit", INT, default=limit), Parameter("offset", INT, default=0))


def operation(
    name: str, route: str, *query: Parameter, title: str = "", **declared: Any
) -> Callable[[Handler], Handler]:
    """Declare a handler as the operation with that id, method and path. Its docstring is the title."""
    method, path = route.split()

    def declare(handler: Handler) -> Handler:
        OPERATIONS[name] = Operation(name, title or handler.__doc__ or "", method, path, query, handler, **declared)
        return handler

    return declare


class Router:
    """Finds the operation for a method and path. A literal segment has priority over a parameter."""

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self._routes: dict[int, list[tuple[re.Pattern[str], dict[str, Operation]]]] = {}
        by_path: dict[str, dict[str, Operation]] = {}
        for entry in operations.values():
            by_path.setdefault(entry.path, {})[entry.method] = entry
        for path in sorted(by_path, key=_specificity):
            self._routes.setdefault(path.count("/"), []).append((_pattern(path), by_path[path]))

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """Return the operation and its path values. Raises NotFoundError, or ApiError with status 405."""
        wrong_method = False
        for pattern, methods in self._routes.get(path.count("/"), ()):
            match = pattern.fullmatch(path)
            if match and method in methods:
                return methods[method], match.groupdict()
            wrong_method = wrong_method or match is not None
        if wrong_method:
            raise ApiError(f"The method {method} is not allowed for this path.", status=405)
        raise NotFoundError("This path does not exist in the API.")


def _specificity(path: str) -> tuple[tuple[int, ...], ...]:
    # Order: literal, {id}.mp3, {id}.{extension}, {id}.
    return tuple((int("{" in segment), -len(_NAMES.sub("", segment))) for segment in path.split("/")[1:])


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"{(\w+)}", path)
    regex = [f"(?P<{part}>[^/]+?)" if index % 2 else re.escape(part) for index, part in enumerate(parts)]
    return re.compile("".join(regex))
