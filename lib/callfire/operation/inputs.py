"""The input rule: what a message may hold, how it is taken, and what is refused before anything is sent.

- null is "not given"; false and 0 are values. An empty text is "not given" for path and query, a value in a body.
- "2" is taken for an integer, "true" for a boolean, one value for a list of it, a number inside a string map, ISO 8601
  for a moment. Everything else must have its declared type.
- An unknown name at the top is refused; further down it is passed on.
"""

import difflib
import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from lib.callfire.api.errors import InvalidInput, discreet
from lib.callfire.operation.fields import Schema

_INT64 = range(-(2**63), 2**63)
_DIGITS = re.compile(r"-?\d{1,19}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,19}(\.\d{1,17})?", re.ASCII)
_ARTICLES = {"integer": "a whole number", "array": "a list", "boolean": "true or false", "object": "an object"}


def given(body: Any, known: Collection[str]) -> dict[str, Any]:
    """Return what the message's body gives, without nulls; `InvalidInput` for a body or a name that cannot be."""
    if body is None:
        return {}
    if not isinstance(body, Mapping):
        raise InvalidInput("The message's body must be an object with the action's fields")
    for name in body:
        if name not in known:
            raise InvalidInput(f"{discreet(str(name)[:60])}: this action has no such field; {_hint(str(name), known)}")
    return {name: value for name, value in body.items() if value is not None}


def coerce(value: Any, schema: Schema) -> Any:
    """Take a value in the forms mappings give it, where nothing can be lost; leave anything else for the check."""
    convert = _CONVERTERS.get(schema.get("type", ""))
    return convert(value, schema) if convert else value


def check(value: Any, validator: Any) -> None:
    """Raise `InvalidInput` that names the first wrong field and what it must be, never what it is."""
    if errors := list(validator.iter_errors(value)):
        from jsonschema.exceptions import best_match  # noqa: PLC0415 (slow to load: not before a message is there)

        raise InvalidInput(discreet(_explained(best_match(errors))))


def validator_for(schema: Schema) -> Any:
    """Compile a schema without references for `check`."""
    from jsonschema import Draft7Validator, validators  # noqa: PLC0415 (as above)

    parts = _Parts()
    own = {"properties": parts.properties, "items": parts.items}
    # JSON Schema takes 1e18 for an integer, but a float of that size has lost digits already.
    whole = Draft7Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    strict = validators.extend(Draft7Validator, own, type_checker=whole)  # type: ignore[no-untyped-call]
    return strict(schema)


class _Parts:
    """The validators of a schema's parts: jsonschema makes one for each value, which takes longer than the check."""

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


def milliseconds(value: str) -> int | None:
    """Read ISO 8601 as Unix milliseconds; a time without a zone is UTC. None for what is not a time."""
    try:
        parsed = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    parsed = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return math.floor(parsed.timestamp()) * 1000 + parsed.microsecond // 1000


def _integer(value: Any, schema: Schema) -> Any:
    if isinstance(value, str):
        if _DIGITS.fullmatch(value):
            value = int(value)
        elif schema.get("format") == "unix-ms":
            value = milliseconds(value) if milliseconds(value) is not None else value
    elif isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return value


def _number(value: Any, _schema: Schema) -> Any:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return float(value) if "." in value else int(value)
    return value


def _boolean(value: Any, _schema: Schema) -> Any:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower(), value)
    return value


def _array(value: Any, schema: Schema) -> Any:
    if value == "":
        return value  # a list of one empty text is never meant
    items = value if isinstance(value, list) else [value]
    return [coerce(item, schema["items"]) for item in items]


def _object(value: Any, schema: Schema) -> Any:
    if not isinstance(value, Mapping):
        return value
    present = {name: inner for name, inner in value.items() if inner is not None}
    if "additionalProperties" in schema:
        return {name: _map_value(inner) for name, inner in present.items()}
    properties = schema.get("properties", {})
    return {name: coerce(inner, properties[name]) if name in properties else inner for name, inner in present.items()}


def _map_value(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else str(value)
    return value


_CONVERTERS: dict[str, Callable[[Any, Schema], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "array": _array,
    "object": _object,
}


def out_of_range(value: Any, place: str = "") -> str | None:
    """Find a number CallFire cannot take, one of more than 64 bits or none at all (NaN), and return its place."""
    if isinstance(value, Mapping):
        found = (out_of_range(inner, f"{place}.{name}" if place else str(name)) for name, inner in value.items())
        return next(filter(None, found), None)
    if isinstance(value, list):
        return next(filter(None, (out_of_range(inner, f"{place}[{row}]") for row, inner in enumerate(value))), None)
    wrong = (isinstance(value, int) and value not in _INT64) or (isinstance(value, float) and not math.isfinite(value))
    return place if wrong else None


def _hint(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    nearest = difflib.get_close_matches(name, names, n=1) or [near for near in names if near.lower() == name.lower()]
    if nearest:
        return f"did you mean {nearest[0]}?"
    return f"known are {', '.join(names)}" if names else "it takes none"


def _explained(error: Any) -> str:
    place = _place(error.absolute_path)
    rule, wanted = error.validator, error.validator_value
    if rule == "required":
        missing = next(name for name in wanted if name not in error.instance)
        return f"{f'{place}.' if place else ''}{missing}: is required"
    if rule == "anyOf":
        return f"{place}: give {' or '.join(alternative['required'][0] for alternative in wanted)}"
    return f"{place}: {_must(rule, wanted, error.schema)}"


def _must(rule: str, wanted: Any, schema: Schema) -> str:
    if rule == "type":
        if schema.get("format") == "unix-ms":
            return "must be a time: Unix milliseconds, or ISO 8601 such as 2024-05-31T09:00:00Z"
        return f"must be {_ARTICLES.get(wanted, 'a number' if wanted == 'number' else 'a text')}"
    words = {
        "enum": lambda: f"must be one of {', '.join(map(str, wanted))}",
        "minItems": lambda: f"needs at least {wanted}",
        "maxItems": lambda: f"takes at most {wanted} at once",
        "minimum": lambda: f"must be at least {wanted}",
        "maximum": lambda: f"must be at most {wanted}",
        "minLength": lambda: "must not be empty" if wanted == 1 else f"needs at least {wanted} characters",
        "maxLength": lambda: f"takes at most {wanted} characters",
    }
    return words.get(rule, lambda: f"does not fit ({rule})")()


def _place(path: Iterable[Any]) -> str:
    place = ""
    for part in path:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    return place
