"""JSON Schema from fields: for the check of inputs, and in the platform's dialect for its designer.

The dialect marks a required property on the property itself (`"required": true`). Each list requires `items`, and each
object requires `properties`. Models are expanded in place. A model within itself has only plain properties, so that the
schema is finite.

The designer shows the types text, number and object. Integers are therefore numbers, also IDs, which are texts beyond
2^53 - 1. In inputs, times are texts, and lists of plain values are texts with commas, because the simple mapping mode
cannot map such lists.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from lib.callfire.models import find
from lib.callfire.operation.fields import Field, Model, Schema

Json = dict[str, Any]
_OWN_FORMATS = {"unix-ms", "phone", "phone-list", "phone-as-given"}
_STEP = 10  # between the `order` of two properties
_RARE = {"strictValidation", "limit", "offset", "fields", "idempotencyKey"}
_COMMAS = "Separate several values with commas, or map a list."


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
    """Return the schema of an object. Required inputs are first, and rarely used ones last."""
    offered = [field for field in fields if not (inputs and (field.answered or field.hidden))]
    if inputs:
        offered.sort(key=lambda field: (field.name in _RARE, not field.required))
    properties = {}
    for place, field in enumerate(offered):
        shown = _shown(field.schema, inputs=inputs, inside=inside)
        shown |= _explanation(field, inputs=inputs)
        shown["order"] = _STEP * (len(offered) - place)
        properties[field.name] = shown
    return {"type": "object", "properties": properties}


def _explanation(field: Field, *, inputs: bool) -> Json:
    """Return the keywords with which the designer explains a property."""
    from lib.callfire.operation.examples import example  # noqa: PLC0415 (for the designer only)

    about = f"{field.about} {_COMMAS}" if inputs and _is_plain_list(field.schema) else field.about
    shown: Json = {"title": field.title, "description": about, "help": {"description": about}}
    if (value := example(field.name, field.schema, inputs=inputs)) is not None:
        shown["examples"] = [value]
    if inputs and field.default is not None:
        shown["default"] = field.default
    if inputs and field.required:
        shown["required"] = True
    return shown


def _shown(schema: Schema, *, inputs: bool, inside: tuple[str, ...]) -> Json:
    if schema.get("format") == "any":
        return {"type": "object", "properties": {}}
    if name := schema.get("model"):
        _, fields = _fields_of(schema, inside)
        return _shown_object(fields, inputs=inputs, inside=(*inside, name))
    if inputs and (_is_plain_list(schema) or schema.get("format") == "unix-ms"):
        return {"type": "string"}
    shown = dict(schema)
    if shown["type"] == "integer":
        shown["type"] = "number"
    if "items" in schema:
        shown["items"] = _shown(schema["items"], inputs=inputs, inside=inside)
    if "additionalProperties" in schema:
        shown["properties"] = {}
        if not inputs and schema["additionalProperties"]:  # a map of texts, in which CallFire also returns numbers
            shown["additionalProperties"] = {"type": ["string", "number"]}
    if shown.get("format") in _OWN_FORMATS:
        del shown["format"]
    return shown


def _is_plain_list(schema: Schema) -> bool:
    """Return whether the values are a list of texts or numbers, not of objects."""
    return schema.get("type") == "array" and schema["items"].get("type") in ("string", "integer")


def _fields_of(schema: Schema, inside: tuple[str, ...]) -> tuple[Model, list[Field]]:
    """Return a model and its fields. Within the model itself, only the plain fields."""
    model = find(schema["model"])
    fields = [*model.fields, *schema.get("more", ())]
    if model.name in inside:
        fields = [field for field in fields if _is_plain(field.schema)]
    return model, fields


def _is_plain(schema: Mapping[str, Any]) -> bool:
    return "model" not in schema.get("items", schema)
