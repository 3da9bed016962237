"""Encoding of values in the path, the query and a JSON body."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from lib.callfire.api.errors import InvalidInput

_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def address(template: str, values: Mapping[str, Any], names: Iterable[str], more: Mapping[str, Any]) -> tuple[str, str]:
    """Return the escaped path and query. The query has the values of `names` in that order, then those of `more`.

    Raises `InvalidInput` for values that cannot be part of an address.
    """
    return _path(template, values), _query(names, values, more)


def _path(template: str, values: Mapping[str, Any]) -> str:
    """Return the path with its values. A slash within a value is escaped, too."""

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        value = _outside(name, values[name])
        if value in (".", ".."):
            raise InvalidInput(f"{name}: must not be . or .. because it is part of an address.")
        return quote(value, safe="")

    return re.sub(r"\{(\w+)\}", fill, template)


def _query(names: Iterable[str], values: Mapping[str, Any], more: Mapping[str, Any]) -> str:
    """Return the query without question mark. Each item of a list becomes a parameter of the same name."""
    known = {name: values[name] for name in names if name in values}
    return urlencode([*_pairs(known), *_pairs(more)], quote_via=quote)


def plain(value: Any) -> str:
    """Return a value as text: booleans in lower case, integers with all digits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def encode_json(value: Any) -> bytes:
    """Return the value as JSON in ASCII. Half a surrogate pair remains escaped."""
    return _JSON.encode(value).encode("ascii")


def _pairs(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        for item in value if isinstance(value, list) else [value]:
            yield name, _outside(name, item)


def _outside(name: str, value: Any) -> str:
    """Return a value as text for the path or query. Raises `InvalidInput` for objects, lists and invalid Unicode."""
    if isinstance(value, dict | list):
        raise InvalidInput(f"{name}: must be a plain value because it is part of an address.")
    text = plain(value)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidInput(f"{name}: must be valid Unicode; it contains half a surrogate pair.")
    return text
