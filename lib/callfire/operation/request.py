"""Values on the wire: in the path, in the query, in a JSON body."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from lib.callfire.api.errors import InvalidInput

_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def address(template: str, values: Mapping[str, Any], names: Iterable[str], more: Mapping[str, Any]) -> tuple[str, str]:
    """Return path and query, both escaped. The query has the values of `names` in that order, then those of `more`."""
    return _path(template, values), _query(names, values, more)


def _path(template: str, values: Mapping[str, Any]) -> str:
    """Return the path with its values, each escaped whole: a slash in a value does not divide the path."""

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        value = _outside(name, values[name])
        if value in (".", ".."):
            raise InvalidInput(f"{name}: must not be . or .. because it is part of an address.")
        return quote(value, safe="")

    return re.sub(r"\{(\w+)\}", fill, template)


def _query(names: Iterable[str], values: Mapping[str, Any], more: Mapping[str, Any]) -> str:
    """Return the query without question mark: the values of `names` in that order, then `more`. Lists are repeated."""
    known = {name: values[name] for name in names if name in values}
    return urlencode([*_pairs(known), *_pairs(more)], quote_via=quote)


def plain(value: Any) -> str:
    """Return one value as text: booleans in lower case, integers with all their digits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def encode_json(value: Any) -> bytes:
    """Return the JSON as ASCII; half a surrogate pair stays escaped."""
    return _JSON.encode(value).encode("ascii")


def _pairs(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        for item in value if isinstance(value, list) else [value]:
            yield name, _outside(name, item)


def _outside(name: str, value: Any) -> str:
    """Return the text of a value outside the body; raise for what has none."""
    if isinstance(value, dict | list):
        raise InvalidInput(f"{name}: must be a plain value because it is part of an address.")
    text = plain(value)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidInput(f"{name}: must be valid Unicode; it contains half a surrogate pair.")
    return text
