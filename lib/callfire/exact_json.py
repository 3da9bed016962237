"""JSON whose integers survive JavaScript: what a double cannot represent exactly is decoded as text (RFC 7493).

The platform's mapper and most other steps are written in JavaScript, which rounds integers beyond 2^53 - 1. CallFire's
IDs are declared as 64 bits.
"""

import json
from typing import Any

LARGEST_INTEGER = 2**53 - 1


def loads(text: str | bytes) -> Any:
    """Decode JSON; raises ValueError, and RecursionError for what is nested too deeply."""
    return json.loads(text, parse_int=exact_integer)


def exact_integer(digits: str) -> int | str:
    """Return the integer of a JSON number, the same digits as text where it is beyond 2^53 - 1 on either side."""
    if len(digits) < 16:
        return int(digits)
    if len(digits) > 17:
        return digits
    number = int(digits)
    return number if abs(number) <= LARGEST_INTEGER else digits


def portable(value: Any) -> Any:
    """Return an integer as text where JavaScript would round it, also within lists; any other value unchanged."""
    if isinstance(value, list):
        return [portable(item) for item in value]
    is_rounded = isinstance(value, int) and abs(value) > LARGEST_INTEGER
    return str(value) if is_rounded else value
