"""Schemas: how the objects of the API are declared.

A declaration is a JSON Schema in the dialect of Swagger 2.0. The same declaration validates requests, describes the
API to clients, and is what tests check every response against.
"""

from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

STRING: Schema = {"type": "string"}
BOOLEAN: Schema = {"type": "boolean"}
INT: Schema = {"type": "integer", "format": "int32"}
LONG: Schema = {"type": "integer", "format": "int64"}
DECIMAL: Schema = {"type": "number"}
FLOAT: Schema = {"type": "number", "format": "float"}
DATE_TIME: Schema = {"type": "string", "format": "date-time"}
TIME: Schema = {**LONG, "description": "Unix time in milliseconds."}
FILE: Schema = {"type": "file"}
STRING_MAP: Schema = {"type": "object", "additionalProperties": {"type": "string"}}

MODELS: dict[str, Schema] = {}
"""Every declared object by name: the `definitions` of the API description."""


def about(schema: Schema, description: str) -> Schema:
    """Return a schema with a description. The unit of a time is added to it."""
    unit = schema.get("description")
    return {**schema, "description": f"{description} {unit}" if unit else description}


def model(name: str, description: str, /, **properties: Schema) -> Schema:
    """Declare an object and return a reference to it."""
    MODELS[name] = {"type": "object", "description": description, "properties": properties}
    return ref(name)


def ref(name: str, description: str | None = None) -> Schema:
    """Return a reference to an object, which may be declared later."""
    target = {"$ref": f"#/definitions/{name}"}
    return {**target, "description": description} if description else target


def resolve(schema: Schema) -> Schema:
    """Return the declaration that a reference points to, or the schema itself."""
    target = schema.get("$ref")
    return MODELS[target.rpartition("/")[2]] if target else schema


def read_only(schema: Schema) -> Schema:
    """Mark a field that responses contain and requests ignore."""
    return {**schema, "readOnly": True}


def one_of(*values: str) -> Schema:
    """Return the schema of a string with fixed values."""
    return {"type": "string", "enum": list(values)}


def list_of(items: Schema, *, unique: bool = False) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items, **({"uniqueItems": True} if unique else {})}


PAGING: dict[str, Schema] = {
    "limit": about(INT, "Maximum number of items in the page."),
    "offset": about(INT, "Number of items before the page."),
    "totalCount": about(INT, "Number of items in all pages. -1 if it is not known."),
}


def page_of(items: Schema) -> Schema:
    """Declare a page of items with limit, offset and totalCount."""
    return _envelope(items, "Page", "One page of items.", PAGING)


def items_of(items: Schema, *, paged: bool = False) -> Schema:
    """Declare an object with a complete list of items; `paged` adds the keys of a page."""
    return _envelope(items, "List", "A complete list of items.", PAGING if paged else {})


def _envelope(items: Schema, suffix: str, description: str, keys: dict[str, Schema]) -> Schema:
    name = items["$ref"].rpartition("/")[2] + suffix
    return model(name, description, items=about(list_of(items), "The items."), **keys)
