"""The schemas of functions: what the mapper shows."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from elasticio_runner.check.checked_component import CheckedComponent, SchemaNode
from elasticio_runner.check.findings import COMPONENT_FILE, Finding, error, warning
from elasticio_runner.check.rules.registry import rule
from elasticio_runner.flow_file.problems import nearest

TYPES = ("string", "number", "boolean", "object", "array")
KEYS = frozenset(
    (
        *("type", "title", "description", "help", "required", "properties", "items", "enum", "examples", "default"),
        *("order", "maxLength", "minimum", "maximum", "minItems", "maxItems", "format", "additionalProperties"),
        *("$ref", "$id", "$schema", "id", "definitions"),
    )
)
DEEPEST = 8  # levels of objects
_MARKDOWN = re.compile(r"`|\*\*|__|\]\(|^#+ |^[-*] ", re.MULTILINE)


@rule
def a_property_has_one_known_type(component: CheckedComponent) -> Iterator[Finding]:
    """The mapper shows the type as a badge."""
    for node in component.nodes():
        kind = node.entry.get("type")
        place = (*node.place, "type")
        if isinstance(kind, list):
            yield warning(place, "the mapper shows one type only", "Write the most common type", file=node.file)
        elif kind == "integer":
            yield warning(place, "the platform writes whole numbers as number", 'Write "number"', file=node.file)
        elif kind is None and "$ref" not in node.entry:
            yield warning(node.place, "the type is missing", f"Add one of {', '.join(TYPES)}", file=node.file)
        elif kind is not None and kind not in TYPES:
            yield error(place, f"{kind!r} is not a type", f"Write one of {', '.join(TYPES)}", file=node.file)


@rule
def a_property_has_known_keys_only(component: CheckedComponent) -> Iterator[Finding]:
    """The mapper ignores other keys."""
    for node in component.nodes():
        for key in node.entry.keys() - KEYS:
            advice = f"Remove or replace it; {nearest(key, KEYS)}"
            yield warning((*node.place, key), "the mapper does not know this key", advice, file=node.file)


@rule
def a_property_has_a_title(component: CheckedComponent) -> Iterator[Finding]:
    """Without a title, the mapper shows the name of the property."""
    for node in component.properties():
        if not node.entry.get("title") and "$ref" not in node.entry:
            yield warning(node.place, "the property has no title", 'Add "title"', file=node.file)


@rule
def a_description_is_shown_as_help(component: CheckedComponent) -> Iterator[Finding]:
    """The mapper shows `help`; it is not documented that it shows `description`."""
    for node in component.properties():
        if node.entry.get("description") and not node.entry.get("help", {}).get("description"):
            advice = 'Add "help": {"description": …} with the same text'
            yield warning(
                (*node.place, "description"), "the mapper does not show a description", advice, file=node.file
            )


@rule
def no_text_is_markdown(component: CheckedComponent) -> Iterator[Finding]:
    """The designer shows Markdown as it is."""
    entries = chain(
        ((one.place, one.entry, COMPONENT_FILE) for one in component.functions()),
        ((one.place, one.entry, COMPONENT_FILE) for one in component.fields()),
        ((one.place, one.entry, one.file) for one in component.properties()),
    )
    for place, entry, file in entries:
        texts = {key: entry.get(key) for key in ("title", "description", "note")}
        texts["help"] = entry.get("help", {}).get("description")
        for key, text in texts.items():
            if isinstance(text, str) and _MARKDOWN.search(text):
                yield warning((*place, key), "the designer does not render Markdown", "Write plain text", file=file)


@rule
def required_is_true_on_the_property(component: CheckedComponent) -> Iterator[Finding]:
    """The mapper does not read the list of names of JSON Schema."""
    for node in component.nodes():
        if isinstance(node.entry.get("required"), list):
            advice = 'Write "required": true in each of these properties'
            yield warning((*node.place, "required"), "the mapper does not read this list", advice, file=node.file)


@rule
def no_output_is_required(component: CheckedComponent) -> Iterator[Finding]:
    """Nothing has to be filled in for an output."""
    for node in component.nodes("out"):
        if node.entry.get("required") is True:
            yield warning((*node.place, "required"), "an output cannot be required", "Remove it", file=node.file)


@rule
def an_object_has_properties(component: CheckedComponent) -> Iterator[Finding]:
    """An object of any content has `properties: {}`."""
    for node in component.nodes():
        if node.entry.get("type") == "object" and "properties" not in node.entry and "$ref" not in node.entry:
            advice = 'Add "properties"; {} allows any content'
            yield warning(node.place, "the object has no properties", advice, file=node.file)


@rule
def a_list_has_items(component: CheckedComponent) -> Iterator[Finding]:
    """Some designers fail to open the mapper for a list without items."""
    for node in component.nodes():
        if node.entry.get("type") == "array" and not node.entry.get("items"):
            yield error(node.place, "the list has no items", 'Add "items" with the schema of an item', file=node.file)


@rule
def an_input_list_is_a_list_of_objects(component: CheckedComponent) -> Iterator[Finding]:
    """The simple mapping mode cannot map lists of plain values."""
    for node in component.nodes("in"):
        items = node.entry.get("items", {})
        if node.entry.get("type") == "array" and items and items.get("type") != "object" and "$ref" not in items:
            wrong = "the simple mapping mode can map lists of objects only"
            advice = "Offer a text with commas, or a list of objects"
            yield warning(node.place, wrong, advice, file=node.file)


@rule
def a_reference_has_a_target_in_its_schema(component: CheckedComponent) -> Iterator[Finding]:
    """The platform follows references within one schema only."""
    for node in component.nodes():
        reference = node.entry.get("$ref")
        if reference is not None and not _has_target(reference, node.schema.content):
            advice = "Refer to a definition of this schema, for example #/definitions/Contact"
            yield error((*node.place, "$ref"), f"{reference!r} has no target in this schema", advice, file=node.file)


def _has_target(reference: str, schema: Mapping[str, Any]) -> bool:
    if not reference.startswith("#/"):
        return reference in {entry.get("$id") for entry in schema.get("definitions", {}).values() if _is_object(entry)}
    target: Any = schema
    for part in reference.removeprefix("#/").split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if not _is_object(target) or name not in target:
            return False
        target = target[name]
    return _is_object(target)


def _is_object(value: Any) -> bool:
    return isinstance(value, Mapping)


@rule
def a_schema_is_not_too_deep(component: CheckedComponent) -> Iterator[Finding]:
    """Deep schemas slow the mapper down."""
    for node in component.nodes():
        if node.depth == DEEPEST + 1:
            wrong = f"the schema has more than {DEEPEST} levels of objects"
            yield warning(node.place, wrong, "Leave out the deepest objects", file=node.file)


@rule
def fixed_values_are_different_and_of_the_type(component: CheckedComponent) -> Iterator[Finding]:
    """The mapper offers the fixed values."""
    for node in component.nodes():
        if "enum" not in node.entry:
            continue
        values = node.entry["enum"]
        place = (*node.place, "enum")
        if not values:
            yield warning(place, "the list of values is empty", "Add values, or remove it", file=node.file)
        if any(value in values[:index] for index, value in enumerate(values)):
            yield warning(place, "a value occurs twice", "Remove one of the two", file=node.file)
        yield from _of_another_type(node, place, values)


@rule
def examples_and_defaults_have_the_type_of_the_property(component: CheckedComponent) -> Iterator[Finding]:
    """The mapper shows both in the help."""
    for node in component.nodes():
        if node.entry.get("examples") == []:
            place = (*node.place, "examples")
            yield warning(place, "the list of examples is empty", "Add an example, or remove it", file=node.file)
        yield from _of_another_type(node, (*node.place, "examples"), node.entry.get("examples", []))
        if "default" in node.entry:
            yield from _of_another_type(node, (*node.place, "default"), [node.entry["default"]])


def _of_another_type(node: SchemaNode, place: tuple[str | int, ...], values: list[Any]) -> Iterator[Finding]:
    types: dict[str, tuple[type, ...]] = {
        "string": (str,),
        "number": (int, float),
        "integer": (int,),
        "boolean": (bool,),
        "object": (dict,),
        "array": (list,),
    }
    kind = node.entry.get("type")
    allowed = types.get(kind) if isinstance(kind, str) else None
    if allowed and any(type(value) not in allowed for value in values):
        yield warning(place, f"a value is not of the type {kind}", "Correct the value or the type", file=node.file)


@rule
def a_default_is_one_of_the_fixed_values(component: CheckedComponent) -> Iterator[Finding]:
    """Otherwise the mapper offers a default that it marks as invalid."""
    for node in component.nodes():
        if "enum" in node.entry and "default" in node.entry and node.entry["default"] not in node.entry["enum"]:
            wrong = "the default is not one of the fixed values"
            yield warning((*node.place, "default"), wrong, "Correct the default, or add it to enum", file=node.file)


@rule
def a_default_is_in_an_optional_input(component: CheckedComponent) -> Iterator[Finding]:
    """The mapper tells the default of an optional input; the code must apply it."""
    for node in component.nodes():
        if "default" not in node.entry:
            continue
        if node.schema.side == "out":
            yield warning((*node.place, "default"), "an output has no default", "Remove it", file=node.file)
        elif node.entry.get("required") is True:
            advice = "Remove the default, or make the input optional"
            yield warning((*node.place, "default"), "a required input has no default", advice, file=node.file)
