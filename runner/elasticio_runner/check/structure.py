"""The types of the values in component.json and in the mapper's schemas.

Values of a wrong type are removed, so that the rules can check the other values without further tests.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, Draft202012Validator
from jsonschema.exceptions import ValidationError

from elasticio_runner.check.findings import COMPONENT_FILE, Finding, error
from elasticio_runner.flow_file.locations import Place

_FOLDER = Path(__file__).parent
_COMPONENT = Draft202012Validator(json.loads((_FOLDER / "component.schema.json").read_text(encoding="utf-8")))
_MAPPER = Draft202012Validator(json.loads((_FOLDER / "mapper.schema.json").read_text(encoding="utf-8")))
_JSON_SCHEMA = Draft7Validator(Draft7Validator.META_SCHEMA)
_TYPES = {
    "string": "a text",
    "object": "an object",
    "array": "a list",
    "boolean": "true or false",
    "number": "a number",
}
_LONGEST = 120  # characters of a message of the JSON Schema validator


def of_component(data: Any) -> tuple[dict[str, Any], list[Finding]]:
    """Return the well-formed parts of component.json, and a finding for each other part."""
    return _sound(_COMPONENT, data, COMPONENT_FILE, ())


def of_schema(data: Any, file: str, place: Place) -> tuple[dict[str, Any], list[Finding]]:
    """Return the well-formed parts of a schema at `place` in a file, and a finding for each other part.

    `required: true` on a property is part of the mapper's dialect and is accepted.
    """
    sound, findings = _sound(_MAPPER, data, file, place)
    for fault in _JSON_SCHEMA.iter_errors(_without_flags(sound)):
        at = (*place, *fault.absolute_path)
        message = fault.message if len(fault.message) <= _LONGEST else f"the rule {fault.validator!r} is violated"
        findings.append(error(at, f"not valid JSON Schema: {message}", "Correct the schema", file=file))
    return sound, findings


def _sound(validator: Draft202012Validator, data: Any, file: str, place: Place) -> tuple[dict[str, Any], list[Finding]]:
    faults = list(validator.iter_errors(data))
    findings = [finding for fault in faults for finding in _described(fault, file, place)]
    wrong = {tuple(fault.absolute_path) for fault in faults if fault.validator == "type"}
    if () in wrong:
        return {}, findings
    return _without(data, wrong, ()), findings


def _described(fault: ValidationError, file: str, place: Place) -> Iterator[Finding]:
    at = (*place, *fault.absolute_path)
    rule: Any = fault.validator_value
    instance: Any = fault.instance
    if fault.validator == "required":
        for name in rule:
            if name not in instance:
                yield error(at, f'"{name}" is missing', f'Add "{name}"', file=file)
    else:
        wanted = " or ".join(_TYPES[name] for name in _names(rule))
        yield error(at, f"must be {wanted}, not {_kind(instance)}", "Correct the value", file=file)


def _names(rule: str | Iterable[str]) -> list[str]:
    return [rule] if isinstance(rule, str) else list(rule)


def _kind(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    names: dict[type, str] = {str: "a text", dict: "an object", list: "a list"}
    return names.get(type(value), "a number")


def _without(value: Any, wrong: set[Place], place: Place) -> Any:
    """Return a copy without the values at the places of `wrong`."""
    if isinstance(value, dict):
        return {
            name: _without(item, wrong, (*place, name)) for name, item in value.items() if (*place, name) not in wrong
        }
    if isinstance(value, list):
        return [
            _without(item, wrong, (*place, index)) for index, item in enumerate(value) if (*place, index) not in wrong
        ]
    return value


def _without_flags(schema: Any, *, is_names: bool = False) -> Any:
    """Return a copy of a schema without `required: true`, which JSON Schema does not know.

    is_names: the value is {name: schema}, so that a key `required` is the name of a property.
    """
    if isinstance(schema, list):
        return [_without_flags(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _without_flags(item, is_names=name == "properties" and not is_names)
        for name, item in schema.items()
        if is_names or not (name == "required" and isinstance(item, bool))
    }
