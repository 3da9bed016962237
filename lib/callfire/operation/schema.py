"""JSON Schema from fields: for the check of inputs, and in the platform's dialect for its designer.

The dialect marks a required property on the property itself (`"required": true`). Each list requires `items`, and each
object requires `properties`. Models are expanded in place. A model within itself has only plain properties, so that the
schema is finite.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lib.callfire.models import find
from lib.callfire.operation.fields import Field, Model, Schema

Json = dict[str, Any]
_ID = re.compile(r"^id$|Id$")
_OWN_FORMATS = {"unix-ms", "phone", "phone-list", "phone-as-given"}
# The designer shows a map only if it has a named property.
_MAP_HINT = {"name": {"type": "string", "title": "Custom Name", "description": "Any names are allowed."}}


def for_checking(fields: Iterable[Field]) -> Json:
    """Return the schema of an input object for a validator. Objects accept only the properties of their model.

    Properties that only CallFire sets accept any value. Required texts must not be blank, and required lists must not
    be empty.
    """
    return _input_object(fields)


def for_designer(fields: Iterable[Field], *, inputs: bool) -> Json:
    """Return the schema of an object in the platform's dialect. Inputs omit properties that only CallFire sets."""
    return _shown_object(fields, inputs=inputs)


def model_for_designer(name: str) -> Json:
    """Return the schema of the model `name` as a result, in the platform's dialect."""
    return _shown({"model": name}, inputs=False, inside=())


def _input_object(fields: Iterable[Field], inside: tuple[str, ...] = ()) -> Json:
    fields = list(fields)
    schema: Json = {
        "type": "object",
        "properties": {field.name: {} if field.answered else _input(field, inside) for field in fields},
        "additionalProperties": False,
    }
    if required := [field.name for field in fields if field.required]:
        schema["required"] = required
    return schema


def _input(field: Field, inside: tuple[str, ...]) -> Json:
    schema = _checked(field.schema, inside)
    if field.required and schema.get("type") == "array":
        return {"minItems": 1, **schema}
    if field.required and schema.get("type") == "string":
        return {"pattern": r"\S", **schema}
    return schema


def _checked(schema: Schema, inside: tuple[str, ...]) -> Json:
    if schema.get("format") == "any":
        return {}
    if name := schema.get("model"):
        model, fields = _fields_of(schema, inside)
        checked = _input_object(fields, (*inside, name))
        if model.one_of:
            checked["anyOf"] = [{"required": [alternative]} for alternative in model.one_of]
        return checked
    checked = dict(schema)
    if "items" in schema:
        checked["items"] = _checked(schema["items"], inside)
    return checked


def _shown_object(fields: Iterable[Field], *, inputs: bool, inside: tuple[str, ...] = ()) -> Json:
    properties = {}
    for field in fields:
        if inputs and field.answered:
            continue
        shown = _shown(field.schema, inputs=inputs, inside=inside)
        if not inputs and shown.get("type") == "integer" and _ID.search(field.name):
            shown["type"] = ["integer", "string"]  # text beyond 2^53 - 1
        shown |= {"title": field.title, "description": field.about}
        if field.required and inputs:
            shown["required"] = True
        properties[field.name] = shown
    return {"type": "object", "properties": properties}


def _shown(schema: Schema, *, inputs: bool, inside: tuple[str, ...]) -> Json:
    if schema.get("format") == "any":
        return {"type": "object", "properties": _MAP_HINT}
    if name := schema.get("model"):
        _, fields = _fields_of(schema, inside)
        return _shown_object(fields, inputs=inputs, inside=(*inside, name))
    shown = dict(schema)
    if "items" in schema:
        shown["items"] = _shown(schema["items"], inputs=inputs, inside=inside)
    if "additionalProperties" in schema:
        shown["properties"] = _MAP_HINT
        if not inputs and schema["additionalProperties"]:  # a map of texts, in which CallFire also returns numbers
            shown["additionalProperties"] = {"type": ["string", "number"]}
    if shown.get("format") in _OWN_FORMATS:
        del shown["format"]
    return shown


def _fields_of(schema: Schema, inside: tuple[str, ...]) -> tuple[Model, list[Field]]:
    """Return a model and its fields. Within the model itself, only the plain fields."""
    model = find(schema["model"])
    fields = [*model.fields, *schema.get("more", ())]
    if model.name in inside:
        fields = [field for field in fields if _is_plain(field.schema)]
    return model, fields


def _is_plain(schema: Mapping[str, Any]) -> bool:
    return "model" not in schema.get("items", schema)
