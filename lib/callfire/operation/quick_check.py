"""A quick check of inputs against their schema. Almost all messages pass it.

jsonschema is slow to load, and slower than this check. It decides about the remaining inputs and explains their errors.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lib.callfire.operation.fields import Schema

_TYPES: Mapping[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "string": (str,),
    "array": (list,),
    "object": (dict,),
}


def is_certainly_valid(value: Any, schema: Schema) -> bool:
    """Return True only if a value meets a schema. False means unknown: jsonschema must decide.

    The check knows the keywords that the schemas of inputs contain. A schema with another keyword is never met.
    """
    for keyword, wanted in schema.items():
        meets = _KEYWORDS.get(keyword)
        if meets is None or not meets(value, wanted, schema):
            return False
    return True


def _type(value: Any, wanted: Any, _schema: Schema) -> bool:
    return type(value) in _TYPES.get(str(wanted), ())


def _format(_value: Any, _wanted: Any, _schema: Schema) -> bool:
    return True  # jsonschema does not check formats either: the conversion does


def _enum(value: Any, wanted: Any, _schema: Schema) -> bool:
    return type(value) is str and value in wanted


def _minimum(value: Any, wanted: Any, _schema: Schema) -> bool:
    return type(value) in _TYPES["number"] and bool(value >= wanted)


def _maximum(value: Any, wanted: Any, _schema: Schema) -> bool:
    return type(value) in _TYPES["number"] and bool(value <= wanted)


def _max_length(value: Any, wanted: Any, _schema: Schema) -> bool:
    return type(value) is str and len(value) <= wanted


def _pattern(value: Any, wanted: Any, _schema: Schema) -> bool:
    return type(value) is str and re.search(wanted, value) is not None


def _min_items(value: Any, wanted: Any, _schema: Schema) -> bool:
    return type(value) is list and len(value) >= wanted


def _max_items(value: Any, wanted: Any, _schema: Schema) -> bool:
    return type(value) is list and len(value) <= wanted


def _items(value: Any, wanted: Any, _schema: Schema) -> bool:
    return type(value) is list and all(is_certainly_valid(item, wanted) for item in value)


def _required(value: Any, wanted: Any, _schema: Schema) -> bool:
    return type(value) is dict and all(name in value for name in wanted)


def _properties(value: Any, wanted: Any, _schema: Schema) -> bool:
    return type(value) is dict and all(
        is_certainly_valid(inner, wanted[name]) for name, inner in value.items() if name in wanted
    )


def _additional_properties(value: Any, wanted: Any, schema: Schema) -> bool:
    if type(value) is not dict:
        return False
    known = schema.get("properties", {})
    if wanted is False:
        return all(name in known for name in value)
    return isinstance(wanted, Mapping) and all(
        is_certainly_valid(inner, wanted) for name, inner in value.items() if name not in known
    )


def _any_of(value: Any, wanted: Any, _schema: Schema) -> bool:
    return any(is_certainly_valid(value, schema) for schema in wanted)


_KEYWORDS: Mapping[str, Callable[[Any, Any, Schema], bool]] = {
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
    "properties": _properties,
    "additionalProperties": _additional_properties,
    "anyOf": _any_of,
}
