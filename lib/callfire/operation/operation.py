"""An operation of CallFire, declared once: what it takes, how it goes on the wire, what it answers.

`Operation.process` is what the platform calls for a message; an action with a behaviour of its own calls the parts
(`inputs`, `request`, `client_for`) itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from elasticio import Message, Step

from lib.callfire.api import paging
from lib.callfire.api.client import Answer, Client, Request, client_for
from lib.callfire.api.errors import InvalidInput
from lib.callfire.form import Config
from lib.callfire.operation import emit_behavior, inputs
from lib.callfire.operation.body import Body
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import Field
from lib.callfire.operation.request import encode_json, escape_path, query_pairs
from lib.callfire.operation.returns import Returns, nothing
from lib.callfire.operation.schema import for_checking, for_designer

Payload = Message | dict[str, Any]
"""What `process` yields: a message, or a dict with `body` and optionally `attachments`."""


@dataclass(frozen=True, slots=True)
class Route:
    """Method and path; `{name}` in the path stands for a path field."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def GET(path: str) -> Route:  # noqa: N802 (the methods' own spelling)
    """Route of a read."""
    return Route("GET", path)


def POST(path: str) -> Route:  # noqa: N802
    """Route of a create, a send or a command."""
    return Route("POST", path)


def PUT(path: str) -> Route:  # noqa: N802
    """Route of an update."""
    return Route("PUT", path)


def DELETE(path: str) -> Route:  # noqa: N802
    """Route of a delete."""
    return Route("DELETE", path)


@dataclass(frozen=True)
class Operation:
    """One operation.

    route       method and path
    path, query the parameters there; those in the path are required
    body        what the request's body is made of, None for none
    returns     what CallFire answers
    repeatable  whether doing it twice is the same as doing it once; where not said: reads and PUTs are, others are not
    acted_on    what to emit when the answer has no body; the path fields where it is not given
    selects     {input field: function of the module that lists its values for the form}
    """

    route: Route
    path: tuple[Field, ...] = ()
    query: tuple[Field, ...] = ()
    body: Body | None = None
    returns: Returns = field(default_factory=nothing)
    repeatable: bool | None = None
    acted_on: tuple[str, ...] = ()
    selects: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All inputs, side by side: path, query, then the body's."""
        chosen = [entry.but(required=entry.name not in self.selects) for entry in self.path]
        own = {entry.name for entry in self.path}
        body = self.body.fields if self.body else ()
        return (*chosen, *self.query, *(entry for entry in body if entry.name not in own))

    @property
    def may_repeat(self) -> bool:
        """Whether a request that may have been carried out may be sent again."""
        return self.route.method in ("GET", "PUT") if self.repeatable is None else self.repeatable

    @cached_property
    def _checked(self) -> tuple[dict[str, Any], Any]:
        path = {entry.name for entry in self.path}
        schema = for_checking(entry.but(required=True) if entry.name in path else entry for entry in self.fields)
        return schema, inputs.validator_for(schema)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.fields)

    @cached_property
    def _outside(self) -> frozenset[str]:
        return frozenset(entry.name for entry in (*self.path, *self.query))

    @cached_property
    def _joined(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.query if entry.joined)

    def inputs(self, body: Any, config: Config) -> dict[str, Any]:
        """Read and check a message's body by the input rule; what the form selects stands in for what is missing."""
        schema, validator = self._checked
        values = inputs.given(body, self._names)
        values = {name: value for name, value in values.items() if value != "" or name not in self._outside}
        for name in self.selects:
            if name not in values and config.get(name) not in (None, ""):
                values[name] = config[name]
        for name, value in values.items():
            if name in self._joined and isinstance(value, list) and all(isinstance(item, str) for item in value):
                values[name] = ",".join(value)
            elif name in schema["properties"]:
                values[name] = inputs.coerce(value, schema["properties"][name])
        inputs.check(values, validator)
        if place := inputs.out_of_range(values):
            raise InvalidInput(f"{place}: the number is out of CallFire's range (64 bits)")
        return values

    def request(self, values: Mapping[str, Any]) -> Request:
        """Make the request of checked inputs. Nothing is sent that was not given."""
        pairs = query_pairs(self.query, values)
        body = self.body.pick(values, without=self.path) if self.body else None
        return Request(
            method=self.route.method,
            path=escape_path(self.route.path, values),
            what=str(self.route),
            query=urlencode(pairs, quote_via=quote),
            body=None if body is None else encode_json(body),
            headers={} if body is None else {"Content-Type": "application/json"},
            repeatable=self.may_repeat,
        )

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Do the operation for one message and emit what CallFire answers."""
        with rebounding(config):
            values = self.inputs(message.body, config)
            client = client_for(config)
            if self.returns.is_list:
                yield from self._listed(client, values, config)
            else:
                yield {"body": self.answered(client.call(self.request(values)), values)}

    def answered(self, answer: Answer, values: Mapping[str, Any]) -> Any:
        """Return the body to emit: an object always, naming what was acted on where CallFire answers nothing."""
        value = answer.value
        if value is None:
            names = self.acted_on or tuple(entry.name for entry in self.path)
            return {name: values[name] for name in names if name in values}
        if isinstance(value, list):
            return {"items": value}
        return value if isinstance(value, dict) else {"value": value}

    def _listed(self, client: Client, values: dict[str, Any], config: Config) -> Iterator[Payload]:
        pages = self._pages(client, values, paging.page_size(config))
        return emit_behavior.emitted(pages, emit_behavior.emit_behavior(config), self.returns.lists)

    def _pages(self, client: Client, values: dict[str, Any], size: int) -> Iterator[dict[str, Any]]:
        """The one page the message asks for, or all; with an explicit limit wherever CallFire takes one."""
        takes = {entry.name for entry in self.query}
        if "limit" not in takes:
            return iter([self._page(client, values)])
        if "offset" not in takes or "limit" in values or "offset" in values:
            return iter([self._page(client, {"limit": size, **values})])
        return paging.walk(
            lambda limit, offset: self._page(client, {**values, "limit": limit, "offset": offset}),
            size,
            key=self.returns.key,
            lists=self.returns.lists,
        )

    def _page(self, client: Client, values: Mapping[str, Any]) -> dict[str, Any]:
        page: dict[str, Any] = self.answered(client.call(self.request(values)), {})
        return {**page, **{name: page.get(name) or [] for name in self.returns.lists}}

    def get_meta_model(self, config: Config) -> dict[str, Any]:
        """Schemas of input and output, the latter as the form's emitBehavior makes it."""
        single = emit_behavior.emit_behavior(config) == emit_behavior.INDIVIDUALLY
        return {"in": for_designer(self.fields, inputs=True), "out": self.output_schema(single=single)}

    def output_schema(self, *, single: bool = False) -> dict[str, Any]:
        """Schema of the emitted body in the platform's dialect; `single` where items are emitted one by one."""
        if self.returns.is_empty:
            names = self.acted_on or tuple(entry.name for entry in self.path)
            return for_designer((entry for entry in self.fields if entry.name in names), inputs=False)
        return self.returns.schema(single=single)
