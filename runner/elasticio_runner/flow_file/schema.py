"""The structure of a flow file, held against its JSON schema and told in words."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from elasticio_runner.flow_file.problems import Problem, nearest

SCHEMA = json.loads((Path(__file__).parents[1] / "flow.schema.json").read_text(encoding="utf-8"))


def problems(data: Any) -> Iterator[Problem]:
    """Yield what does not fit the schema."""
    for error in Draft202012Validator(SCHEMA).iter_errors(data):
        yield from _told(error)


def _told(error: ValidationError) -> Iterator[Problem]:
    rule: Any = error.validator_value
    instance: Any = error.instance
    schema: Any = error.schema
    place = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = schema["properties"]
        for name in sorted(instance.keys() - known.keys()):
            yield Problem((*place, name), f"there is no such field here; {nearest(name, known)}")
    elif error.validator == "required":
        for name in rule:
            if name not in instance:
                yield Problem(place, f'"{name}" is missing; add it')
    else:
        yield Problem(place, _WORDS[str(error.validator)].format(rule))


_WORDS = {
    "type": "must be of type {}",
    "minItems": "must have at least {} entry",
    "minLength": "must not be empty",
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be more than {}",
    "pattern": "must consist of 1 to 64 letters, digits, - and _",
}
