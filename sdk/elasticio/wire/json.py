"""JSON in the wire format: compact and in UTF-8, like the output of JavaScript's JSON.stringify.

Only floats differ: Python writes 1.0 and 1e-07, JavaScript writes 1 and 1e-7. Both read both forms.
"""

import json
import math
import re
import sys
from typing import Any, NoReturn

from elasticio.errors import MessageError

_write = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_write_escaped = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode

SAFE_RECURSION = 5000  # levels of Python's or of JSON's nesting that the stack of a thread has room for
_NESTING = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{\]}]')
_NAME = re.compile(r"(?!.*\d{4})[^\W\d][\w$-]{0,63}")


def to_json(value: Any) -> bytes:
    """Return a value as JSON. Raises MessageError, which names the path of a value that JSON cannot represent."""
    try:
        return _write(value).encode()
    except UnicodeEncodeError:
        return _write_escaped(value).encode()  # half of a surrogate pair: JavaScript escapes it, UTF-8 cannot encode it
    except (TypeError, ValueError, RecursionError) as error:
        raise MessageError(f"cannot be written as JSON: {_culprit(value) or type(error).__name__}") from error


def from_json(data: bytes) -> Any:
    """Parse JSON. As in Node, bytes that are not UTF-8 become U+FFFD. Raises ValueError and RecursionError."""
    text = data.decode(errors="replace")
    if sys.getrecursionlimit() > SAFE_RECURSION:
        check_depth(text)
    return parse(text)


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


parse = json.JSONDecoder(parse_constant=_not_json).decode
"""Parse JSON text. Raises ValueError for text that is not JSON, RecursionError for too deep nesting.

Python's recursion limit keeps deep JSON from overflowing the stack. If a component has raised the limit above
SAFE_RECURSION, `check_depth` must be called first.
"""

write_any = json.JSONEncoder().encode
"""Write JSON for this process only, where NaN is allowed. A component may replace `json.dumps`, but not this."""

parse_any = json.JSONDecoder().decode
"""Parse the result of `write_any`."""


def check_depth(text: str) -> None:
    """Raise RecursionError if the nesting of JSON could overflow the stack of a thread."""
    depth = 0
    for found in _NESTING.finditer(text):
        if found[0] in "[{":
            depth += 1
            if depth > SAFE_RECURSION:
                raise RecursionError
        elif found[0] in "]}":
            depth -= 1


def _culprit(value: Any, place: str = "value", depth: int = 0) -> str | None:
    """Return the path and type, without the content, of the first value that JSON cannot represent."""
    if depth > 50:
        return f"{place} is nested too deeply or contains itself"
    if isinstance(value, dict):
        if odd := [key for key in value if not isinstance(key, str | int | float | None)]:
            return f"{place} has a key of type {type(odd[0]).__name__}"
        parts = [(place + _step(key), item) for key, item in value.items()]
    elif isinstance(value, list | tuple):
        parts = [(f"{place}[{index}]", item) for index, item in enumerate(value)]
    elif isinstance(value, float) and not math.isfinite(value):
        return f"{place} is not a finite number"
    else:
        return None if isinstance(value, str | int | float | None) else f"{place} is of type {type(value).__name__}"
    return next(filter(None, (_culprit(item, part, depth + 1) for part, item in parts)), None)


def _step(key: Any) -> str:
    """Return a key as a part of a path. A key that is not a plain name may be data, such as a phone number."""
    return f".{key}" if isinstance(key, str) and _NAME.fullmatch(key) else "[…]"
