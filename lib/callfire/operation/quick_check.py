"""A quick check of inputs against their schema. Almost all messages pass it.

jsonschema is slow to load, and slower than this check. It decides about the remaining inputs and explains their errors.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lib.callfire.operation.fields import Schema

QuickCheck = Callable[[Any], bool]
"""Returns True only if a value meets its schema. False means unknown: jsonschema must decide."""

_TYPES: Mapping[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "string": (str,),
    "array": (list,),
    "object": (dict,),
}
_OBJECT = {"properties", "additionalProperties"}


def quick_check(schema: Schema) -> QuickCheck:
    """Return the check of a schema.

    It knows the keywords that the schemas of inputs contain. A schema with another keyword is never met.
    """
    checks = [_check_of(keyword, wanted) for keyword, wanted in schema.items() if keyword not in _OBJECT]
    if schema.keys() & _OBJECT:
        checks.append(_properties(schema))
    if len(checks) < 2:
        return checks[0] if checks else _always

    def meets_all(value: Any) -> bool:
        for check in checks:  # noqa: SIM110 (faster than all, and this runs for each value of each message)
            if not check(value):
                return False
        return True

    return meets_all


def _check_of(keyword: str, wanted: Any) -> QuickCheck:
    make = _KEYWORDS.get(keyword)
    return make(wanted) if make else _never


def _never(_value: Any) -> bool:
    return False


def _always(_value: Any) -> bool:
    return True


def _type(wanted: Any) -> QuickCheck:
    types = _TYPES.get(str(wanted), ())

    def meets(value: Any) -> bool:
        return type(value) in types

    return meets


def _format(_wanted: Any) -> QuickCheck:
    return _always  # jsonschema does not check formats either: the conversion does


def _enum(wanted: Any) -> QuickCheck:
    def meets(value: Any) -> bool:
        return type(value) is str and value in wanted

    return meets


def _minimum(wanted: Any) -> QuickCheck:
    def meets(value: Any) -> bool:
        return type(value) in _TYPES["number"] and bool(value >= wanted)

    return meets


def _maximum(wanted: Any) -> QuickCheck:
    def meets(value: Any) -> bool:
        return type(value) in _TYPES["number"] and bool(value <= wanted)

    return meets


def _max_length(wanted: Any) -> QuickCheck:
    def meets(value: Any) -> bool:
        return type(value) is str and len(value) <= wanted

    return meets


def _pattern(wanted: Any) -> QuickCheck:
    search = re.compile(wanted).search

    def meets(value: Any) -> bool:
        return type(value) is str and search(value) is not None

    return meets


def _min_items(wanted: Any) -> QuickCheck:
    def meets(value: Any) -> bool:
        return type(value) is list and len(value) >= wanted

    return meets


def _max_items(wanted: Any) -> QuickCheck:
    def meets(value: Any) -> bool:
        return type(value) is list and len(value) <= wanted

    return meets


def _items(wanted: Any) -> QuickCheck:
    check = quick_check(wanted)

    def meets(value: Any) -> bool:
        return type(value) is list and all(map(check, value))

    return meets


def _required(wanted: Any) -> QuickCheck:
    names = frozenset(wanted)

    def meets(value: Any) -> bool:
        return type(value) is dict and value.keys() >= names

    return meets


def _any_of(wanted: Any) -> QuickCheck:
    checks = [quick_check(schema) for schema in wanted]

    def meets(value: Any) -> bool:
        return any(check(value) for check in checks)

    return meets


def _properties(schema: Schema) -> QuickCheck:
    """Return the check of an object's properties, and of its additional ones."""
    checks = {name: quick_check(inner) for name, inner in schema.get("properties", {}).items()}
    others = schema.get("additionalProperties", {})
    check_other = quick_check(others) if isinstance(others, Mapping) else _never

    def meets(value: Any) -> bool:
        if type(value) is not dict:
            return False
        for name, inner in value.items():  # noqa: SIM110 (as above)
            if not checks.get(name, check_other)(inner):
                return False
        return True

    return meets


_KEYWORDS: Mapping[str, Callable[[Any], QuickCheck]] = {
    "type": _type,
    "format": _format,
    "enum": _enum,
    "minimum": _minimum,
    "maximum": _maximum,
    "maxLength": _max_length,
    "pattern": _pattern,
    "minItems": _min_items,
    "maxItems": _max_items,
    "items": _items,
    "required": _required,
    "anyOf": _any_of,
}
