"""Checks the names that expressions on an edge read: earlier steps, and properties of their outputs.

A step that cannot be in the passthrough is a mistake. A property that an output schema does not list is a warning,
because a service may return more than its component declares.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from elasticio_runner.flow_file.inputs import resolved
from elasticio_runner.flow_file.locations import Place, texts
from elasticio_runner.flow_file.problems import Problem, nearest
from elasticio_runner.json_input import TYPOGRAPHIC
from elasticio_runner.mapping.paths import message_paths

Schemas = Mapping[str, Mapping[str, Any]]  # the output schema of each step; {} if it is unknown

_ROOTS = ("body", "headers", "attachments", "passthrough")
_OTHERS = ("id", "metadata", "method", "originalUrl", "params", "path", "query", "url")  # of some messages
_COMPOSED = ("allOf", "anyOf", "oneOf", "patternProperties", "if")


def problems(expressions: Any, place: Place, before: Sequence[str], schemas: Schemas) -> Iterator[Problem]:
    """Yield the mistakes in the texts of a mapping or in a condition.

    `before` are the IDs of the edge's source, first, and of all steps before it.
    """
    for where, expression in texts(expressions, place):
        for path in message_paths(expression):
            yield from _path_problems(path, where, before, schemas)


def ancestors(step_id: str, paths: Sequence[tuple[str, str]]) -> list[str]:
    """Return a step and all steps from which the edges (from, to) lead to it."""
    found = [step_id]
    for each in found:  # the loop extends the list
        found += [start for start, end in paths if end == each and start not in found]
    return found


def _path_problems(path: tuple[str, ...], place: Place, before: Sequence[str], schemas: Schemas) -> Iterator[Problem]:
    source = before[0]
    match path:
        case ("passthrough", step_id, *_) if step_id not in before:
            what = "is no step before this edge" if step_id in schemas else "is no step of this flow"
            yield Problem(place, f"passthrough.{step_id}: {step_id!r} {what}; {nearest(step_id, before)}")
        case ("passthrough", step_id, "body", *rest):
            yield from _property_problems(rest, schemas[step_id], step_id, place)
        case ("body", *rest):
            yield from _property_problems(rest, schemas.get(source, {}), source, place)
        case (root, *_) if root not in (*_ROOTS, *_OTHERS):
            text = f"a message has no {root!r}; {_advice(path)}"
            yield Problem(place, text, is_warning=True)


def _advice(path: tuple[str, ...]) -> str:
    literal = f", or write \"'{path[0].strip(TYPOGRAPHIC)}'\" for a text" if len(path) == 1 else ""
    return f"expressions see {', '.join(_ROOTS)}{literal}"


def _property_problems(
    names: Sequence[str], schema: Mapping[str, Any], step_id: str, place: Place
) -> Iterator[Problem]:
    whole = schema
    for name in names:
        schema = resolved(schema, whole)
        while schema.get("type") == "array" and isinstance(schema.get("items"), dict):
            schema = resolved(schema["items"], whole)
        properties = schema.get("properties")
        if not isinstance(properties, dict) or not properties or schema.get("additionalProperties"):
            return
        if any(word in schema for word in _COMPOSED):
            return
        if name not in properties:
            hint = nearest(name, properties)
            yield Problem(place, f"the output of {step_id!r} has no property {name!r}; {hint}", is_warning=True)
            return
        schema = properties[name] if isinstance(properties[name], dict) else {}
