"""Partial responses: the `fields` parameter in both syntaxes, `items(id,name)` and `items/id`."""

import re
from typing import Any, TypeAlias

from sandbox.errors import BadRequestError

Fields: TypeAlias = dict[str, Any]
"""Field names to keep, each with the names to keep inside it. An empty dict keeps everything."""

_TOKEN = re.compile(r"\s*([^\s,()/]+|[,()/])")


def parse(text: str) -> Fields:
    """Parse a `fields` value. Raises BadRequestError for unbalanced parentheses or a missing name."""
    tokens = [match[1] for match in _TOKEN.finditer(text)]
    fields, rest = _names(tokens)
    if rest or not fields:
        raise BadRequestError(f"fields: cannot read {text[:80]!r}. Use id,name or items(id,name) or items/id.")
    return fields


def _names(tokens: list[str]) -> tuple[Fields, list[str]]:
    fields: Fields = {}
    while tokens:
        name, *tokens = tokens
        if name in ",()/":
            raise BadRequestError(f"fields: a name is missing before {name!r}.")
        inside: Fields = fields.setdefault(name, {})
        while tokens[:1] == ["/"] and len(tokens) > 1:
            inside = inside.setdefault(tokens[1], {})
            tokens = tokens[2:]
        if tokens[:1] == ["("]:
            more, tokens = _names(tokens[1:])
            if tokens[:1] != [")"]:
                raise BadRequestError("fields: a closing parenthesis is missing.")
            inside.update(more)
            tokens = tokens[1:]
        if tokens[:1] != [","]:
            break
        tokens = tokens[1:]
    return fields, tokens


def select(value: Any, fields: Fields) -> Any:
    """Return only the requested fields of a value, through lists and objects."""
    if not fields:
        return value
    if isinstance(value, list):
        return [select(item, fields) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: select(value[name], inside) for name, inside in fields.items() if name in value}
