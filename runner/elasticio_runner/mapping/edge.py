"""An edge from one step to the next, with a condition and a mapping.

An expression can use `body`, `headers`, `attachments` and `passthrough` of the message, and the flow's variables as
`$variables`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from elasticio_runner.flow_file.locations import Place, texts
from elasticio_runner.flow_file.problems import Problem
from elasticio_runner.mapping.expression import MISSING, Expression, MappingError, current_time


@dataclass(frozen=True)
class Carried:
    """The result of an edge: a message, or None if its condition is false. `warning` is for the flow's author."""

    message: dict[str, Any] | None
    warning: str | None = None


@dataclass(frozen=True)
class Edge:
    """An edge from the step `source` to the step `target`."""

    source: str
    target: str
    mapping: Any = None  # JSON in which expressions replace texts
    condition: Expression | None = None

    @property
    def has_expressions(self) -> bool:
        """Whether messages must be evaluated on this edge."""
        return self.mapping is not None or self.condition is not None

    def carry(self, message: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the message for the next step, None if the condition is false; raises MappingError."""
        return self.evaluate(message, variables).message

    def evaluate(self, message: Mapping[str, Any], variables: Mapping[str, Any]) -> Carried:
        """Evaluate the condition and the mapping at one point in time; raises MappingError."""
        warning, now = None, current_time()
        if self.condition:
            answer = self.condition(message, variables, now)
            if not _is_truthy(answer):
                return Carried(None)
            if answer is not True:
                warning = (
                    f"the condition yields {_type_name(answer)}, which counts as true. "
                    "Write a comparison, which yields true or false."
                )
        if self.mapping is None:
            return Carried(dict(message), warning)
        body = _evaluate(self.mapping, message, variables, now)
        if body is MISSING:
            raise MappingError("the mapping yields nothing for this message; the next step would get no body")
        return Carried({**message, "body": body}, warning)


def compiled(source: Any, place: Place) -> Any:
    """Return a mapping with each text compiled to an expression; raises MappingError."""
    if isinstance(source, str):
        return Expression(source, place)
    if isinstance(source, dict):
        return {name: compiled(item, (*place, name)) for name, item in source.items()}
    return (
        [compiled(item, (*place, index)) for index, item in enumerate(source)] if isinstance(source, list) else source
    )


def faults(source: Any, place: Place) -> Iterator[Problem]:
    """Yield a problem for each text in a mapping that is not valid JSONata."""
    for where, text in texts(source, place):
        try:
            Expression(text, where)
        except MappingError as error:
            yield Problem(where, str(error))


def _evaluate(mapping: Any, message: Mapping[str, Any], variables: Mapping[str, Any], now: int) -> Any:
    """Evaluate a mapping. Parts that yield nothing are left out, as in JSONata's own objects and arrays."""
    if isinstance(mapping, Expression):
        return mapping(message, variables, now)
    if isinstance(mapping, dict):
        members = {name: _evaluate(item, message, variables, now) for name, item in mapping.items()}
        return {name: value for name, value in members.items() if value is not MISSING}
    if isinstance(mapping, list):
        items = [_evaluate(item, message, variables, now) for item in mapping]
        return [item for item in items if item is not MISSING]
    return mapping


def _is_truthy(value: Any) -> bool:
    """Return whether a value is true in JavaScript. Unlike in Python, empty objects and lists are true."""
    if value is MISSING or value is None or value is False:
        return False
    return isinstance(value, dict | list) or bool(value)


def _type_name(value: Any) -> str:
    names = {str: "a text", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), "a function")
