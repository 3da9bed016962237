"""JSON as it stands on the wire: compact and in UTF-8, as JavaScript's JSON.stringify writes it.

Only floats look different: Python writes 1.0 and 1e-07 where JavaScript writes 1 and 1e-7. Both read both.
"""

import json
import math
from typing import Any, NoReturn

from elasticio.errors import MessageError

_write = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_write_escaped = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode


def to_json(value: Any) -> bytes:
    """Write a value as JSON, or raise MessageError naming the place of what JSON cannot carry."""
    try:
        return _write(value).encode()
    except UnicodeEncodeError:
        return _write_escaped(value).encode()  # half of a surrogate pair: JavaScript escapes it, UTF-8 cannot hold it
    except (TypeError, ValueError, RecursionError) as error:
        raise MessageError(f"cannot be written as JSON: {_culprit(value) or error}") from error


def from_json(data: bytes) -> Any:
    """Read JSON. Bytes that are no UTF-8 become U+FFFD, as in Node; raises ValueError where it is no JSON."""
    return parse(data.decode(errors="replace"))


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


parse = json.JSONDecoder(parse_constant=_not_json).decode
"""Read JSON text; raises ValueError where it is no JSON, RecursionError where it is nested too deeply."""


def _culprit(value: Any, place: str = "value", depth: int = 0) -> str | None:
    """Find the first part that JSON cannot carry; names its place and type, never its content."""
    if depth > 50:
        return f"{place} is nested too deeply or contains itself"
    if isinstance(value, dict):
        if odd := [key for key in value if not isinstance(key, str | int | float | None)]:
            return f"{place} has a key of type {type(odd[0]).__name__}"
        parts = [(f"{place}.{key}", item) for key, item in value.items()]
    elif isinstance(value, list | tuple):
        parts = [(f"{place}[{index}]", item) for index, item in enumerate(value)]
    elif isinstance(value, float) and not math.isfinite(value):
        return f"{place} is not a finite number"
    else:
        return None if isinstance(value, str | int | float | None) else f"{place} is of type {type(value).__name__}"
    return next(filter(None, (_culprit(item, part, depth + 1) for part, item in parts)), None)
