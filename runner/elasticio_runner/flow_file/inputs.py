"""Checks the mapping of an edge against the input schema of its target action.

Only the file's content can be checked: the names in an object mapping, and literal values. A schema is closed if it
lists properties and does not allow additional ones. Missing properties are not checked: the action's form may contain
defaults for them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from elasticio_runner.flow_file.locations import Place
from elasticio_runner.flow_file.problems import Problem, nearest

Schema = Mapping[str, Any]

_LITERAL = re.compile(r"""\s*(?:'(?P<single>[^'\\]*)'|"(?P<double>[^"\\]*)")\s*""")
_UNKNOWN = object()


def problems(mapping: Any, schema: Schema, place: Place) -> Iterator[Problem]:
    """Yield each mistake in the mapping at `place`."""
    yield from _value_problems(mapping, schema, schema, place)


def _value_problems(value: Any, schema: Schema, whole: Schema, place: Place) -> Iterator[Problem]:
    schema = resolved(schema, whole)
    if isinstance(value, dict):
        yield from _object_problems(value, schema, whole, place)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _value_problems(item, _schema(schema.get("items")), whole, (*place, index))
    else:
        yield from _literal_problems(_literal(value), schema, place)


def _object_problems(value: Mapping[str, Any], schema: Schema, whole: Schema, place: Place) -> Iterator[Problem]:
    properties = _schema(schema.get("properties"))
    is_closed = bool(properties) and not schema.get("additionalProperties") and "patternProperties" not in schema
    for name, item in value.items():
        if name in properties:
            yield from _value_problems(item, _schema(properties[name]), whole, (*place, name))
        elif is_closed:
            yield Problem((*place, name), f"unknown property of the action's input; {nearest(name, properties)}")


def _literal_problems(literal: Any, schema: Schema, place: Place) -> Iterator[Problem]:
    choices = schema.get("enum")
    if literal is _UNKNOWN or literal is None or not isinstance(choices, list) or literal in choices:
        return
    yield Problem(place, f"{literal!r} is not allowed here; {nearest(literal, map(str, choices))}")


def _literal(value: Any) -> Any:
    """Return the constant value of a leaf of a mapping; _UNKNOWN if the value depends on the message."""
    if not isinstance(value, str):
        return value
    match = _LITERAL.fullmatch(value)
    if not match:
        return _UNKNOWN
    return match["double"] if match["single"] is None else match["single"]


def _schema(value: Any) -> Schema:
    return value if isinstance(value, dict) else {}


def resolved(schema: Schema, whole: Schema) -> Schema:
    """Follow references within the schema's file, e.g. #/definitions/Contact."""
    for _ in range(10):  # a longer chain is a cycle
        reference = schema.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return schema
        target: Any = whole
        for part in reference.removeprefix("#/").split("/"):
            target = _schema(target).get(part.replace("~1", "/").replace("~0", "~"))
        schema = _schema(target)
    return {}
