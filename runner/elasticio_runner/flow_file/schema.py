"""Checks the structure of a flow file against flow.schema.json."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from elasticio_runner.flow_file.locations import Place
from elasticio_runner.flow_file.problems import Problem, nearest

SCHEMA = json.loads((Path(__file__).parents[1] / "flow.schema.json").read_text(encoding="utf-8"))

_TEXTS = {
    "type": "must be of type {}",
    "minItems": "must have at least {} entry",
    "minLength": "must not be empty",
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be more than {}",
    "pattern": "must consist of 1 to 64 letters, digits, - and _",
}


def problems(data: Any) -> Iterator[Problem]:
    """Yield each mistake in the structure of a flow file."""
    for error in Draft202012Validator(SCHEMA).iter_errors(data):
        yield from _described(error)


def well_formed(data: Any, mistakes: list[Problem]) -> Any:
    """Return a copy without the values that contain a mistake, so that the other values can be checked.

    A list keeps its length: None replaces a removed entry.
    """
    return _without(data, {problem.place for problem in mistakes if _is_wrong_as_a_whole(problem)}, ())


def _described(error: ValidationError) -> Iterator[Problem]:
    rule: Any = error.validator_value
    instance: Any = error.instance
    schema: Any = error.schema
    place = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = schema["properties"]
        for name in sorted(instance.keys() - known.keys()):
            yield Problem((*place, name), f"unknown field; {nearest(name, known)}")
    elif error.validator == "required":
        for name in rule:
            if name not in instance:
                yield Problem(place, f'"{name}" is missing; add it')
    else:
        yield Problem(place, _TEXTS[str(error.validator)].format(" or ".join(rule) if isinstance(rule, list) else rule))


def _is_wrong_as_a_whole(problem: Problem) -> bool:
    return not problem.text.endswith("is missing; add it")


def _without(value: Any, places: set[Place], place: Place) -> Any:
    if place in places:
        return None
    if isinstance(value, dict):
        members = {name: (*place, name) for name in value}
        return {name: _without(value[name], places, at) for name, at in members.items() if at not in places}
    if isinstance(value, list):
        return [_without(item, places, (*place, index)) for index, item in enumerate(value)]
    return value
