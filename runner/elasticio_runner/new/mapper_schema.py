"""Turns a schema of an API into a schema for the mapper, in its dialect.

References are resolved, allOf is merged, and schemas that contain themselves end after a few levels. Of several
alternatives, the properties of all objects are offered. Inputs have no read-only properties, and outputs have no
write-only ones.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from elasticio_runner.flow_file.locations import Place
from elasticio_runner.new import naming
from elasticio_runner.new.description import Description
from elasticio_runner.new.plain_text import plain, sentence

Node = dict[str, Any]
DEEPEST = 5  # levels of objects
LARGEST = 1500  # schemas within one schema
_TYPES: Mapping[str, tuple[type, ...]] = {"string": (str,), "number": (int, float), "boolean": (bool,)}
_COMMAS = "Separate several values with commas, or map a list."
_LONGEST_TITLE = 80


@dataclass
class MapperSchemas:
    """The schema of one side of a function. `lists` has the paths of lists that may also be texts with commas."""

    description: Description
    side: Literal["in", "out"]
    lists: list[tuple[str, ...]] = field(default_factory=list)

    def read(self, schema: Any, place: Place) -> Node:
        """Return the mapper's schema. A schema that is too large loses its deepest levels."""
        for deepest in range(DEEPEST, 0, -1):
            lists = len(self.lists)
            reading = _Reading(self, deepest)
            node = reading.node(schema, _Position(place))
            if reading.count <= LARGEST:
                return node
            del self.lists[lists:]
        return {"type": "object", "properties": {}}

    def flat(self, schema: Any, place: Place) -> Node:
        """Return a schema of the API with references resolved and allOf merged, for its first level."""
        return _Reading(self, 1).flat(schema, place, ())[0]


@dataclass(frozen=True)
class _Position:
    """Where a schema is: its place in the description, references and properties on the way, levels of objects."""

    place: Place
    seen: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    depth: int = 0

    def below(self, name: str) -> "_Position":
        return _Position((*self.place, name), self.seen, (*self.path, name), self.depth + 1)


@dataclass
class _Reading:
    """One pass over a schema with a maximum depth."""

    schemas: MapperSchemas
    deepest: int
    count: int = 0

    def node(self, schema: Any, at: _Position) -> Node:
        """Return the mapper's node for a schema of the API."""
        self.count += 1
        flat, seen = self.flat(schema, at.place, at.seen)
        at = replace(at, seen=seen)
        kind = type_of(flat)
        is_cut = self.count > LARGEST or at.depth >= self.deepest
        node: Node = {"type": kind} | _texts(flat)
        if kind == "array":
            return self._list(node, flat, at, is_cut=is_cut)
        if kind == "object":
            node["properties"] = {} if is_cut else self._properties(flat, at)
            if node["properties"] and flat.get("additionalProperties"):
                node["additionalProperties"] = True
            return node
        return node | _values(flat, kind, self.schemas.side)

    def flat(self, schema: Any, place: Place, seen: tuple[str, ...]) -> tuple[Node, tuple[str, ...]]:
        """Return a schema with its references, allOf and alternatives merged, and all references on the way."""
        if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
            reference = schema["$ref"]
            if reference in seen or len(seen) > 100:
                return {"type": "object", "properties": {}}, seen
            siblings = {key: value for key, value in schema.items() if key != "$ref"}
            target = self.schemas.description.target(reference, place)
            found, seen = self.flat(target, place, (*seen, reference))
            return found | siblings, seen
        if not isinstance(schema, dict):  # true, false, or a mistake
            return {}, seen
        merged: Node = {}
        for part in _parts(schema, "allOf"):
            inner, seen = self.flat(part, place, seen)
            merged = _merged(merged, inner)
        merged = _merged(merged, {key: value for key, value in schema.items() if key not in _COMBINING})
        for key in ("oneOf", "anyOf"):
            options = [self.flat(part, place, seen)[0] for part in _parts(schema, key)]
            merged = _with_alternative(merged, [option for option in options if option.get("type") != "null"])
        return merged, seen

    def _properties(self, flat: Node, at: _Position) -> dict[str, Node]:
        hidden = "readOnly" if self.schemas.side == "in" else "writeOnly"
        required = _texts_in(flat.get("required")) if self.schemas.side == "in" else []
        given = flat.get("properties")
        found: dict[str, Node] = {}
        for name, schema in given.items() if isinstance(given, dict) else ():
            inner, _ = self.flat(schema, at.place, at.seen)
            if inner.get(hidden) is not True:
                node = titled(name, self.node(schema, at.below(name)))
                found[name] = as_required(node) if name in required else node
        return ordered(found)

    def _list(self, node: Node, flat: Node, at: _Position, *, is_cut: bool) -> Node:
        """Return a list. An input that is a list of plain values becomes a text."""
        is_input = self.schemas.side == "in"
        is_cut |= is_input and type_of(self.flat(flat.get("items"), at.place, at.seen)[0]) == "array"
        items: Node = {"type": "object", "properties": {}} if is_cut else self.node(flat.get("items"), at)
        if is_input and items["type"] in _TYPES:
            self.schemas.lists.append(at.path)
            text = node.get("help", {}).get("description", "")
            return {"type": "string"} | _title(flat) | {"help": {"description": f"{text} {_COMMAS}".strip()}}
        return node | {"items": {key: value for key, value in items.items() if key not in ("default", "required")}}


_COMBINING = ("allOf", "oneOf", "anyOf")


def type_of(flat: Node) -> str:
    """Return the mapper's type for a schema of the API. A schema without a type is an object of any content."""
    given = flat.get("type")
    names = {"integer": "number", "file": "string", **dict.fromkeys((*_TYPES, "array"))}
    if kinds := [kind for kind in (given if isinstance(given, list) else [given]) if kind not in (None, "null")]:
        return _common_type([names.get(str(kind), "object") or str(kind) for kind in kinds])
    if isinstance(flat.get("properties"), dict):
        return "object"
    if "items" in flat:
        return "array"
    values = _enum(flat)
    return next((kind for kind in _TYPES if values and all(_fits(value, kind) for value in values)), "object")


def _common_type(kinds: list[str]) -> str:
    """Return the mapper's type for values of these types. A text accepts lists and plain values unchanged."""
    if len(set(kinds)) == 1:
        return kinds[0]
    return "object" if "object" in kinds else "string"


def titled(name: str, node: Node) -> Node:
    """Return a node with a title: its own, or the words of its name."""
    title = node.get("title") or naming.title(name) or plain(name) or "Value"
    return {"type": node["type"], "title": title} | {key: node[key] for key in node if key not in ("type", "title")}


def as_required(node: Node) -> Node:
    """Return a node of an input that each message must contain. It has no default."""
    return {key: value for key, value in node.items() if key != "default"} | {"required": True}


def ordered(properties: dict[str, Node]) -> dict[str, Node]:
    """Return properties with an order: the first has the highest number."""
    count = len(properties)
    return {name: {**node, "order": 10 * (count - index)} for index, (name, node) in enumerate(properties.items())}


def _parts(schema: Node, key: str) -> Iterator[Any]:
    parts = schema.get(key)
    yield from parts if isinstance(parts, list) else ()


def _merged(first: Node, second: Node) -> Node:
    """Return a schema that both schemas describe."""
    merged = {**first, **second}
    one, other = first.get("properties"), second.get("properties")
    if isinstance(one, dict) and isinstance(other, dict):
        merged["properties"] = _united("allOf", (one, other))
    if required := [*_texts_in(first.get("required")), *_texts_in(second.get("required"))]:
        merged["required"] = required
    return merged


def _with_alternative(schema: Node, options: list[Node]) -> Node:
    """Return a schema for one of several: the properties of all objects, otherwise a type for all values."""
    if not options:
        return schema
    objects = [option for option in options if isinstance(option.get("properties"), dict)]
    if not objects:
        return _merged(_plain_alternative(options), schema)
    properties = _united("anyOf", [option["properties"] for option in objects])
    own = schema.get("properties")
    every = [set(_texts_in(option.get("required"))) for option in objects]
    required = set.intersection(*every) | set(_texts_in(schema.get("required")))
    merged = {**objects[0], **schema, "type": "object"}
    return merged | {
        "properties": _united("allOf", (properties, own if isinstance(own, dict) else {})),
        "required": sorted(required),
    }


def _united(keyword: str, parts: Sequence[Node]) -> Node:
    """Return the properties of several objects. Different schemas of one property are combined with `keyword`."""
    found: dict[str, list[Any]] = {}
    for part in parts:
        for name, inner in part.items():
            schemas = found.setdefault(name, [])
            if inner not in schemas:
                schemas.append(inner)
    return {name: schemas[0] if len(schemas) == 1 else {keyword: schemas} for name, schemas in found.items()}


def _plain_alternative(options: list[Node]) -> Node:
    """Return a schema for the values of several schemas without properties."""
    typed = [option for option in options if option.get("type") or _enum(option) or "items" in option] or options
    merged: Node = {key: value for key, value in typed[0].items() if key not in ("enum", "const")}
    merged["type"] = _common_type([type_of(option) for option in typed])
    enums = [_enum(option) for option in typed]
    if all(enums):
        merged["enum"] = _different([value for values in enums for value in values])
    if merged["type"] == "array":
        merged["items"] = {"anyOf": _different([option.get("items", {}) for option in typed])}
    return merged


def _texts_in(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _title(flat: Node) -> Node:
    title = plain(flat.get("title"), _LONGEST_TITLE).rstrip(".")
    return {"title": title} if title else {}


def _texts(flat: Node) -> Node:
    """Return title and help."""
    text = sentence(flat.get("description"))
    return _title(flat) | ({"help": {"description": text}} if text else {})


def _enum(flat: Node) -> list[Any]:
    values = [flat["const"]] if "const" in flat else flat.get("enum")
    return [value for value in values if value is not None] if isinstance(values, list) else []


def _values(flat: Node, kind: str, side: str) -> Node:
    """Return examples, and for inputs fixed values and default, if they have the type."""
    found: Node = {}
    given = flat.get("examples")
    examples = [*(given if isinstance(given, list) else ()), flat.get("example")]
    if examples := [value for value in examples if _fits(value, kind)][:3]:
        found["examples"] = _different(examples)
    values = _different(_enum(flat))
    if side == "in" and values and all(_fits(value, kind) for value in values):
        found["enum"] = values
    default = flat.get("default")
    if side == "in" and _fits(default, kind) and default in found.get("enum", [default]):
        found["default"] = default
    return found


def _fits(value: Any, kind: str) -> bool:
    return type(value) in _TYPES[kind] and not (isinstance(value, float) and not math.isfinite(value))


def _different(values: list[Any]) -> list[Any]:
    return [value for index, value in enumerate(values) if value not in values[:index]]
