"""Validation of request values against their schema.

Validation is as lenient as the JSON reader of the service: it accepts a number for a string and "2" for an integer.
Any other mismatch is a 400 that names the place.
"""

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

from callfire_sandbox.api.schema import Schema, resolve
from callfire_sandbox.errors import BadRequestError

_BITS = {"int32": 31, "int64": 63}


def bind(schema: Schema, value: Any, place: str) -> Any:
    """Return the value with scalars converted, without nulls and unknown names. Raises BadRequestError."""
    schema = resolve(schema)
    kind = schema["type"]
    if kind == "object":
        return _object(schema, value, place)
    if kind == "array":
        if not isinstance(value, list):
            raise _wrong(place, "a list", value)
        items = [bind(schema["items"], item, f"{place}[{index}]") for index, item in enumerate(value)]
        return list(dict.fromkeys(items)) if schema.get("uniqueItems") else items
    return _SCALARS[kind](schema, value, place)


def bind_text(schema: Schema, values: Sequence[str], place: str) -> Any:
    """Return a query, path or form value. A list may be a repeated parameter or a comma separated string."""
    if schema["type"] == "array":
        items = schema["items"]
        return [_SCALARS[items["type"]](items, part, place) for value in values for part in value.split(",") if part]
    return _SCALARS[schema["type"]](schema, values[-1], place)


def read_json(body: bytes) -> Any:
    """Return the body as JSON, or None for an empty body. Raises BadRequestError."""
    if not body.strip():
        return None
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequestError(f"The body is not JSON: {error}.") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _object(schema: Schema, value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(place, "an object", value)
    given = ((name, item) for name, item in value.items() if item is not None)
    if of_all := schema.get("additionalProperties"):
        return {name: bind(of_all, item, f"{place}.{name}") for name, item in given}
    properties = schema.get("properties", {})
    return {name: bind(properties[name], item, f"{place}.{name}") for name, item in given if name in properties}


def _string(schema: Schema, value: Any, place: str) -> str:
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str | int | float) or not _finite(value):
        raise _wrong(place, "a string", value)
    text = str(value)
    if text not in schema.get("enum", (text,)):
        raise BadRequestError(f"{place}: {text[:40]!r} is not one of {', '.join(schema['enum'])}.")
    return text


def _integer(schema: Schema, value: Any, place: str) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        raise _wrong(place, "an integer", value) from None
    if isinstance(value, bool) or number != (float(value) if isinstance(value, float) else number):
        raise _wrong(place, "an integer", value)
    bits = _BITS[schema["format"]]
    if not -(2**bits) <= number < 2**bits:
        raise BadRequestError(f"{place}: the number does not fit {schema['format']}.")
    return number


def _number(_schema: Schema, value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _wrong(place, "a number", value)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise _wrong(place, "a number", value) from None
    if not math.isfinite(number):
        raise _wrong(place, "a finite number", value)
    return number


def _finite(value: Any) -> bool:
    """Return False for the infinity that JSON makes of 1e999."""
    return not isinstance(value, float) or math.isfinite(value)


def _boolean(_schema: Schema, value: Any, place: str) -> bool:
    words = {"true": True, "false": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise _wrong(place, "true or false", value)


_SCALARS: dict[str, Callable[[Schema, Any, str], Any]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}


def _wrong(place: str, wanted: str, value: Any) -> BadRequestError:
    names: dict[type, str] = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return BadRequestError(f"{place}: must be {wanted}, not {names.get(type(value), 'a number')}.")
