"""The check of converted inputs against their schema, and the texts of its errors."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from lib.callfire import unix_time
from lib.callfire.api.errors import InvalidInput, discreet
from lib.callfire.operation.fields import Schema
from lib.callfire.operation.quick_check import quick_check

_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "a text",
    "array": "a list",
    "object": "an object",
}


class SchemaCheck:
    """Checks inputs against a JSON Schema without references. Threads may share it.

    is_certainly_valid  the quick check; if it returns False, `check` decides
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.is_certainly_valid = quick_check(schema)

    def check(self, value: Any) -> None:
        """Raise `InvalidInput` for the most relevant error. The text names property and rule, never the value."""
        if errors := list(self._validator.iter_errors(value)):
            from jsonschema.exceptions import best_match  # noqa: PLC0415 (slow to load: only for invalid inputs)

            raise InvalidInput(_explained(best_match(errors)))

    @cached_property
    def _validator(self) -> Any:
        return _validator_for(self.schema)


def _validator_for(schema: Schema) -> Any:
    from jsonschema import Draft7Validator, validators  # noqa: PLC0415 (as above)

    parts = _SubValidators()
    own = {"properties": parts.properties, "items": parts.items}
    # JSON Schema accepts 1e18 as an integer, but a float of that size may have lost digits.
    whole = Draft7Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    strict = validators.extend(Draft7Validator, own, type_checker=whole)  # type: ignore[no-untyped-call]
    return strict(schema)


class _SubValidators:
    """Cached validators of the parts of a schema. jsonschema creates one per value, which is slower than the check."""

    def __init__(self) -> None:
        self._made: dict[int, Any] = {}

    def properties(self, validator: Any, schemas: Mapping[str, Schema], value: Any, _whole: Schema) -> Iterator[Any]:
        if isinstance(value, dict):
            for name, schema in schemas.items():
                if name in value:
                    yield from self._errors(validator, schema, value[name], name)

    def items(self, validator: Any, schema: Schema, value: Any, _whole: Schema) -> Iterator[Any]:
        if isinstance(value, list):
            for row, item in enumerate(value):
                yield from self._errors(validator, schema, item, row)

    def _errors(self, validator: Any, schema: Schema, value: Any, place: str | int) -> Iterator[Any]:
        part = self._made.get(id(schema))
        if part is None:
            part = self._made[id(schema)] = validator.evolve(schema=schema)
        for error in part.iter_errors(value):
            error.path.appendleft(place)
            yield error


def opened(schema: Any) -> Any:
    """Return the schema with additional properties allowed at every depth."""
    if isinstance(schema, Mapping):
        kept = {name: inner for name, inner in schema.items() if name != "additionalProperties" or inner is not False}
        return {name: opened(inner) for name, inner in kept.items()}
    return [opened(inner) for inner in schema] if isinstance(schema, list) else schema


def _explained(error: Any) -> str:
    path, rule, wanted = list(error.absolute_path), error.validator, error.validator_value
    if rule == "required":
        path.append(next(name for name in wanted if name not in error.instance))
        return f"{place_of(path)}: is required."
    if rule == "additionalProperties":
        known = error.schema.get("properties", {})
        path.append(next(str(name)[:60] for name in error.instance if name not in known))
        return f"{place_of(path)}: unknown property. {_hint(str(path[-1]), known)}"
    if rule == "anyOf":
        return f"{place_of(path)}: {' or '.join(one['required'][0] for one in wanted)} is required."
    return f"{place_of(path)}: {_must(rule, wanted, error.schema)}."


def _hint(name: str, known: Iterable[str]) -> str:
    import difflib  # noqa: PLC0415 (as above)

    names = {near.lower(): near for near in sorted(known)}
    near = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.9)  # a typing error
    near = near or difflib.get_close_matches(name.lower(), names, n=2)
    if near:
        return f"Did you mean {' or '.join(names[one] for one in near)}?"
    return f"Allowed: {', '.join(names.values())}." if names else "No properties are allowed here."


def _must(rule: str, wanted: Any, schema: Schema) -> str:
    if rule == "type" and schema.get("format") == "unix-ms":
        return f"must be a time: {unix_time.FORMATS}"
    texts = {
        "type": f"must be {_TYPES.get(str(wanted), wanted)}",
        "enum": f"must be one of {', '.join(map(str, wanted)) if rule == 'enum' else ''}",
        "minItems": f"must have at least {wanted} item",
        "maxItems": f"must have at most {wanted} items",
        "minimum": f"must be at least {wanted}",
        "maximum": f"must be at most {wanted}",
        "maxLength": f"must have at most {wanted} characters",
        "pattern": "must not be blank",
    }
    return texts.get(rule, f"does not meet the rule {rule}")


def place_of(path: Iterable[str | int]) -> str:
    """Return a path as text, e.g. recipients[0].phoneNumber, without long or secret names."""
    place = ""
    for part in path:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    return discreet(place)
