"""Lists of fields in Markdown: inputs, outputs and properties of objects, from their declarations and schemas."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from lib.callfire.models import all_models
from lib.callfire.operation.fields import Field, Schema
from lib.callfire.operation.schema import model_for_designer
from tools import markdown

_TYPES = {"string": "text", "integer": "integer", "number": "number", "boolean": "true or false"}
_CHOICES_SHOWN = 40  # more choices are named in the description instead


def inputs(fields: Iterable[Field], objects: str, selectable: Iterable[str] = ()) -> str:
    """Return the list of an action's inputs. `objects` is the address of the page with the models.

    `selectable` names the inputs that the form can provide.
    """
    offered = set(selectable)
    return "".join(
        _input(field, objects, field.name in offered) for field in fields if not (field.answered or field.hidden)
    )


def properties(fields: Iterable[Field], objects: str) -> str:
    """Return the list of a model's properties. Names those that only CallFire sets."""
    return "".join(_property(field, objects) for field in fields)


def outputs(schema: Mapping[str, Any], objects: str) -> str:
    """Return the list of an output's properties, of any depth down to the models."""
    return "".join(_outputs(schema, objects, depth=0))


def _input(field: Field, objects: str, selectable: bool) -> str:
    marks = [_type(field.schema, objects)]
    if field.required:
        marks.append("**required**")
    elif selectable:
        marks.append("or selected in the form")
    return _item(field.name, marks, field.title, _described(field), depth=0)


def _property(field: Field, objects: str) -> str:
    marks = [_type(field.schema, objects)]
    if field.required:
        marks.append("**required** as an input")
    if field.answered or field.hidden:
        marks.append("set by CallFire")
    return _item(field.name, marks, field.title, _described(field), depth=0)


def _outputs(schema: Mapping[str, Any], objects: str, *, depth: int) -> Iterator[str]:
    for name, part in schema["properties"].items():
        items = part.get("items") if part.get("type") == "array" else part
        model = _models_by_shape().get(_shape(items))
        shown = _link(model, objects) if model else _plain(items)
        kind = f"list of {shown}" if items is not part else shown
        yield _item(name, [kind], part.get("title", ""), part.get("description", ""), depth=depth)
        if not model and items.get("properties") and not items.get("additionalProperties"):
            yield from _outputs(items, objects, depth=depth + 1)


def _described(field: Field) -> str:
    choices = field.schema.get("enum") or field.schema.get("items", {}).get("enum") or ()
    if not choices or len(choices) > _CHOICES_SHOWN or all(str(choice) in field.about for choice in choices):
        return field.about
    return f"{field.about} Values: {', '.join(f'`{choice}`' for choice in choices)}."


def _type(schema: Schema, objects: str) -> str:
    if name := schema.get("model"):
        return _link(name, objects)
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'], objects)}"
    return _plain(schema)


def _plain(schema: Mapping[str, Any]) -> str:
    match schema:
        case {"format": "any"}:
            return "any value"
        case {"format": "unix-ms"}:
            return "time"
        case {"format": "phone" | "phone-as-given"}:
            return "phone number"
        case {"format": "phone-list"}:
            return "phone numbers"
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    return _TYPES.get(kind or "", "object")


def _link(model: str, objects: str) -> str:
    return f"[{model}]({objects}#{markdown.anchor(model)})"


def _item(name: str, marks: Iterable[str], title: str, about: str, *, depth: int) -> str:
    """Return an item of a list: name, marks in brackets, label in the mapper, help."""
    label = f" *{title}.*" if title and title.replace(" ", "").lower() != name.lower() else ""
    text = f"`{name}` ({', '.join(marks)}):{label} {about}".strip().rstrip(":")
    return markdown.list_item(text, depth)


@cache
def _models_by_shape() -> Mapping[str, str]:
    """Return {shape of a model's schema: name of the model}, to recognize models in schemas."""
    return {_shape(model_for_designer(name)): name for name in all_models()}


def _shape(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema.get("properties"), sort_keys=True)
