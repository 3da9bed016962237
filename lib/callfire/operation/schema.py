"""From fields to JSON Schema: for checking input, and in the platform's dialect for its designer.

The dialect marks a required property on the property itself (`"required": true`), and needs `items` on each list and
`properties` on each object. Models are written out in place; one that contains itself is cut at its second
appearance to its plain values, so that a designer can show it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from lib.callfire.models import find
from lib.callfire.operation.fields import Field, Schema

Json = dict[str, Any]
# A designer needs a named property to show a map at all.
_MAP_HINT = {"name": {"type": "string", "title": "Name of your own", "description": "Any names may be used."}}


def for_checking(fields: Iterable[Field]) -> Json:
    """Schema of an input object that a validator understands; names it does not know pass."""
    return _object(fields, inputs=True, dialect=False)


def for_designer(fields: Iterable[Field], *, inputs: bool) -> Json:
    """Schema of an object in the platform's dialect. Inputs leave out what only CallFire sets."""
    return _object(fields, inputs=inputs, dialect=True)


def model_for_designer(name: str) -> Json:
    """Schema of an answer that is the model `name`."""
    return _resolved({"model": name}, inputs=False, dialect=True, inside=())


def _object(fields: Iterable[Field], *, inputs: bool, dialect: bool, inside: tuple[str, ...] = ()) -> Json:
    offered = [field for field in fields if not (inputs and field.answered)]
    properties = {}
    for field in offered:
        described = _resolved(field.schema, inputs=inputs, dialect=dialect, inside=inside)
        if dialect:
            described |= {"title": field.title, "description": field.about}
            if field.required and inputs:
                described["required"] = True
        properties[field.name] = described
    schema: Json = {"type": "object", "properties": properties}
    required = [field.name for field in offered if field.required]
    if inputs and required and not dialect:
        schema["required"] = required
    return schema


def _resolved(schema: Schema, *, inputs: bool, dialect: bool, inside: tuple[str, ...]) -> Json:
    if schema.get("format") == "any":
        return {"type": "object", "properties": _MAP_HINT} if dialect else {}
    if name := schema.get("model"):
        found = find(name)
        fields: Iterable[Field] = (*found.fields, *schema.get("more", ()))
        if name in inside:
            fields = [field for field in fields if _is_plain(field.schema)]
        resolved = _object(fields, inputs=inputs, dialect=dialect, inside=(*inside, name))
        if found.one_of and not dialect and inputs:
            resolved["anyOf"] = [{"required": [alternative]} for alternative in found.one_of]
        return resolved
    resolved = dict(schema)
    if "items" in schema:
        resolved["items"] = _resolved(schema["items"], inputs=inputs, dialect=dialect, inside=inside)
    if dialect:
        if "additionalProperties" in schema:
            resolved["properties"] = _MAP_HINT
        if resolved.get("format") == "unix-ms":
            del resolved["format"]
    return resolved


def _is_plain(schema: Mapping[str, Any]) -> bool:
    innermost = schema.get("items", schema)
    return "model" not in innermost
