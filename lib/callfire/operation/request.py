"""Values on the wire: in the path, in the query, in a JSON body."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from lib.callfire.api.errors import InvalidInput
from lib.callfire.operation.fields import Field


def escape_path(template: str, values: Mapping[str, Any]) -> str:
    """Fill the path. Values are escaped whole, so that a slash in one stays within it."""

    def fill(match: re.Match[str]) -> str:
        value = plain(values[match[1]])
        if value in (".", ".."):
            raise InvalidInput(f"{match[1]}: {value!r} cannot stand in an address")
        return quote(value, safe="")

    return re.sub(r"\{(\w+)\}", fill, template)


def query_pairs(fields: Iterable[Field], values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Make the query's pairs in declared order; a list is repeated under its name."""
    pairs = []
    for field in fields:
        if field.name in values:
            value = values[field.name]
            pairs += [(field.name, plain(item)) for item in (value if isinstance(value, list) else [value])]
    return pairs


def plain(value: Any) -> str:
    """Write one value as text: booleans in lower case, integers with all their digits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def encode_json(value: Any) -> bytes:
    """Write JSON as ASCII, so that a text the other side could not decode cannot arise."""
    return _JSON.encode(value).encode("ascii")
