"""Partial responses: the `fields` parameter in both syntaxes, `items(id,name)` and `items/id`."""

import re
from typing import Any, TypeAlias

from callfire_sandbox.errors import BadRequestError

Fields: TypeAlias = dict[str, Any]
"""Field names to keep, each with the names to keep inside it. An empty dict keeps everything."""

MAX_LENGTH = 8000
MAX_NAMES = 500
MAX_DEPTH = 20
_TOKEN = re.compile(r"[^\s,()/]+|[,()/]")


def parse(text: str) -> Fields:
    """Parse a `fields` value. Raises BadRequestError for a value that is malformed or too large."""
    if len(text) > MAX_LENGTH:
        raise BadRequestError(f"fields: the value is too long. The maximum is {MAX_LENGTH} characters.")
    tokens = _TOKEN.findall(text)
    if len(tokens) > 2 * MAX_NAMES:
        raise BadRequestError(f"fields: the value has too many names. The maximum is {MAX_NAMES}.")
    fields, end = _names(tokens, 0, 1)
    if end < len(tokens) or not fields:
        raise BadRequestError(f"fields: cannot read {text[:80]!r}. Use id,name or items(id,name) or items/id.")
    return fields


def _names(tokens: list[str], at: int, depth: int) -> tuple[Fields, int]:
    """Return the names from a position on, and the position after them."""
    if depth > MAX_DEPTH:
        raise BadRequestError(f"fields: the value is nested too deeply. The maximum is {MAX_DEPTH} levels.")
    fields: Fields = {}
    while at < len(tokens):
        if tokens[at] in ",()/":
            raise BadRequestError(f"fields: a name is missing before {tokens[at]!r}.")
        at = _name(tokens, at, depth, fields)
        if at == len(tokens) or tokens[at] != ",":
            break
        at += 1
    return fields, at


def _name(tokens: list[str], at: int, depth: int, fields: Fields) -> int:
    """Add one name to the fields, with its slashes and parentheses; return the position after it."""
    inside: Fields = fields.setdefault(tokens[at], {})
    at += 1
    while at + 1 < len(tokens) and tokens[at] == "/" and tokens[at + 1] not in ",()/":
        depth += 1
        if depth > MAX_DEPTH:
            raise BadRequestError(f"fields: the value is nested too deeply. The maximum is {MAX_DEPTH} levels.")
        inside = inside.setdefault(tokens[at + 1], {})
        at += 2
    if at < len(tokens) and tokens[at] == "(":
        more, at = _names(tokens, at + 1, depth + 1)
        if at == len(tokens) or tokens[at] != ")":
            raise BadRequestError("fields: a closing parenthesis is missing.")
        inside.update(more)
        at += 1
    return at


def select(value: Any, fields: Fields) -> Any:
    """Return only the requested fields of a value, through lists and objects."""
    if not fields:
        return value
    if isinstance(value, list):
        return [select(item, fields) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: select(value[name], inside) for name, inside in fields.items() if name in value}
