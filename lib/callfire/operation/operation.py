"""An operation of CallFire as one declaration: inputs, request and result.

The platform calls `Operation.process` for each message. An action with a different behavior calls the parts (`inputs`,
`request`, `client_for`) directly.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from elasticio import Message, Step

from lib.callfire.api import paging
from lib.callfire.api.client import Answer, AnswerShape, Client, Request, client_for
from lib.callfire.exact_json import portable
from lib.callfire.form import Config
from lib.callfire.operation.body import Body
from lib.callfire.operation.emit_behavior import INDIVIDUALLY, emit_behavior, emitted
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import Field
from lib.callfire.operation.inputs import InputRule
from lib.callfire.operation.request import address, encode_json
from lib.callfire.operation.returns import Returns, nothing
from lib.callfire.operation.schema import for_designer

Payload = Message | dict[str, Any]
"""The type that `process` yields: a message, or a dict with `body` and optionally `attachments`."""


@dataclass(frozen=True, slots=True)
class Route:
    """An HTTP method and a path. `{name}` in the path is replaced by the path field of that name."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def GET(path: str) -> Route:  # noqa: N802 (named after the HTTP methods)
    """Return the route of a request that reads."""
    return Route("GET", path)


def POST(path: str) -> Route:  # noqa: N802
    """Return the route of a request that creates, sends or commands."""
    return Route("POST", path)


def PUT(path: str) -> Route:  # noqa: N802
    """Return the route of a request that updates."""
    return Route("PUT", path)


def DELETE(path: str) -> Route:  # noqa: N802
    """Return the route of a request that deletes."""
    return Route("DELETE", path)


@dataclass(frozen=True)
class Operation:
    """The declaration of one operation.

    route       method and path
    path, query parameters of the path, which are required, and of the query
    body        body of the request, None if it has none
    returns     shape of the result
    repeatable  two executions have the same effect as one. Default: true for GET and PUT
    acted_on    names of the inputs to emit if the response has no body. Default: those of the path
    selects     {input: function of the module that lists its values for the form}
    """

    route: Route
    path: tuple[Field, ...] = ()
    query: tuple[Field, ...] = ()
    body: Body | None = None
    returns: Returns = field(default_factory=nothing)
    repeatable: bool | None = None
    acted_on: tuple[str, ...] = ()
    selects: Mapping[str, Any] = field(default_factory=dict)

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Execute the operation for one message and emit the result."""
        with rebounding(config):
            values = self.inputs(message.body, config)
            client = client_for(config)
            if self.returns.lists:
                pages = self.pages(client, values, paging.page_size(config))
                yield from emitted(pages, emit_behavior(config), self.returns.lists)
            else:
                yield {"body": self.answered(client.call(self.request(values)), values)}

    def inputs(self, body: Any, config: Config) -> dict[str, Any]:
        """Return the checked inputs of a message's body. The form's selects replace inputs that are not given."""
        defaults = {name: config.get(name) for name in self.selects}
        return self.input_rule.read(body, defaults, config)

    def request(self, values: Mapping[str, Any]) -> Request:
        """Return the request with the given, checked inputs."""
        unknown = {name: value for name, value in values.items() if name not in self._names}
        body: Any = None
        if self.body and self.body.whole:
            body = values[self.body.whole.name]
        elif self.body:
            body = self.body.pick(values, without=self._path_names) | unknown
            unknown = {}
        path, query = address(self.route.path, values, [entry.name for entry in self.query], unknown)
        return Request(
            method=self.route.method,
            path=path,
            what=str(self.route),
            query=query,
            body=None if body is None else encode_json(body),
            headers={} if body is None else {"Content-Type": "application/json"},
            repeatable=self.may_repeat,
            shape=self._shape,
        )

    def pages(self, client: Client, values: Mapping[str, Any], size: int) -> Iterator[dict[str, Any]]:
        """Yield all pages of `size` items; with limit or offset in the inputs, one page only."""

        def fetch(limit: int, offset: int) -> dict[str, Any]:
            return self._page(client, {**values, "limit": limit, "offset": offset})

        if "limit" not in self._names:
            yield self._page(client, values)
        elif "offset" not in self._names or "limit" in values or "offset" in values:
            yield self._page(client, {"limit": size, **values})
        else:
            yield from paging.walk(fetch, size, what=str(self.route), key=self.returns.key, lists=self.returns.lists)

    def answered(self, answer: Answer, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the body to emit, always an object. For a response without a body, it has the inputs in `acted_on`."""
        value = answer.value
        if value is None:
            return {name: portable(values[name]) for name in self._acted_on if name in values}
        if isinstance(value, list):
            return {"items": value}
        return value if isinstance(value, dict) else {"value": value}

    def _page(self, client: Client, values: Mapping[str, Any]) -> dict[str, Any]:
        page = self.answered(client.call(self.request(values)), {})
        return {**page, **{name: page.get(name) or [] for name in self.returns.lists}}

    def get_meta_model(self, config: Config) -> dict[str, Any]:
        """Return the schemas {"in", "out"}. The output depends on the form's emitBehavior."""
        single = emit_behavior(config) == INDIVIDUALLY
        return {"in": for_designer(self.offered, inputs=True), "out": self.output_schema(single=single)}

    def output_schema(self, *, single: bool = False) -> dict[str, Any]:
        """Return the schema of the emitted body in the platform's dialect. `single`: items are emitted individually."""
        if self.returns.is_empty:
            return for_designer((entry for entry in self.fields if entry.name in self._acted_on), inputs=False)
        return self.returns.schema(single=single)

    @property
    def may_repeat(self) -> bool:
        """Whether the request may be repeated after an unknown outcome."""
        return self.route.method in ("GET", "PUT") if self.repeatable is None else self.repeatable

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All inputs: those of path, query and body. Inputs that the form can select are not required."""
        path = [entry.but(required=entry.name not in self.selects) for entry in self.path]
        body = self.body.fields if self.body else ()
        return (*path, *self.query, *(entry for entry in body if entry.name not in self._path_names))

    @property
    def offered(self) -> tuple[Field, ...]:
        """The inputs that the designer offers. Default: all."""
        return self.fields

    @cached_property
    def _shape(self) -> AnswerShape:
        """The shape of the response. An update may have a response without a body."""
        return self.returns.shape(may_be_empty=self.returns.is_empty or self.route.method == "PUT")

    @cached_property
    def input_rule(self) -> InputRule:
        """The input rule of this operation."""
        fields = [entry.but(required=True) if entry.name in self._path_names else entry for entry in self.fields]
        return InputRule(fields, outside=[entry.name for entry in (*self.path, *self.query)])

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.fields)

    @cached_property
    def _path_names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.path)

    @property
    def _acted_on(self) -> tuple[str, ...]:
        return self.acted_on or tuple(entry.name for entry in self.path)
