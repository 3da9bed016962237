"""The vocabulary in which CallFire's objects are declared.

A declaration is a plain JSON Schema (the dialect of Swagger 2.0), so that the same object validates what comes in,
describes the service at `/v2/api-docs/swagger.json` and is what tests hold every answer against.
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
TIME: Schema = {**LONG, "description": "Unix time in milliseconds"}
FILE: Schema = {"type": "file"}
STRING_MAP: Schema = {"type": "object", "additionalProperties": {"type": "string"}}

MODELS: dict[str, Schema] = {}
"""Every declared object by name: the `definitions` of the description."""


def model(name: str, /, **properties: Schema) -> Schema:
    """Declare an object under CallFire's own names and return the reference to it."""
    MODELS[name] = {"type": "object", "properties": properties}
    return ref(name)


def ref(name: str) -> Schema:
    """Refer to a declared object; objects may refer to one another before they are declared."""
    return {"$ref": f"#/definitions/{name}"}


def resolve(schema: Schema) -> Schema:
    """Follow a reference to the declaration it names."""
    target = schema.get("$ref")
    return MODELS[target.rpartition("/")[2]] if target else schema


def read_only(schema: Schema) -> Schema:
    """Mark what CallFire answers and never takes."""
    return {**schema, "readOnly": True}


def one_of(*values: str) -> Schema:
    """One of a fixed set of words."""
    return {"type": "string", "enum": list(values)}


def list_of(items: Schema, *, unique: bool = False) -> Schema:
    """A list of one kind of thing."""
    return {"type": "array", "items": items, **({"uniqueItems": True} if unique else {})}


def page_of(items: Schema) -> Schema:
    """A page: the items and where they stand among all of them (totalCount is -1 where it is not known)."""
    return _envelope(items, "Page", limit=INT, offset=INT, totalCount=INT)


def items_of(items: Schema) -> Schema:
    """A list that comes whole, wrapped in an object."""
    return _envelope(items, "List")


def _envelope(items: Schema, suffix: str, **keys: Schema) -> Schema:
    name = items["$ref"].rpartition("/")[2] + suffix
    return model(name, items=list_of(items), **keys)
