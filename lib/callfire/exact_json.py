"""JSON with integers that JavaScript does not round: larger integers are decoded as text (RFC 7493).

The platform's mapper and most other steps are written in JavaScript, which rounds integers beyond 2^53 - 1. CallFire
declares IDs of 64 bits.
"""

import json
from typing import Any

LARGEST_INTEGER = 2**53 - 1


def loads(text: str | bytes) -> Any:
    """Decode JSON. Raises ValueError for invalid JSON, RecursionError if it is nested too deeply."""
    return json.loads(text, parse_int=exact_integer)


def exact_integer(digits: str) -> int | str:
    """Return the integer of a JSON number, or its digits as text if its absolute value exceeds 2^53 - 1."""
    if len(digits) < 16:
        return int(digits)
    if len(digits) > 17:
        return digits
    number = int(digits)
    return number if abs(number) <= LARGEST_INTEGER else digits


def portable(value: Any) -> Any:
    """Return an integer as text if JavaScript would round it, also within lists. Other values are not changed."""
    if isinstance(value, list):
        return [portable(item) for item in value]
    is_rounded = isinstance(value, int) and abs(value) > LARGEST_INTEGER
    return str(value) if is_rounded else value
