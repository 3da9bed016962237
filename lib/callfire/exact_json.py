"""JSON with integers that JavaScript does not round: larger integers are decoded as text (RFC 7493).

The platform's mapper and most other steps are written in JavaScript, which rounds integers beyond 2^53 - 1. CallFire
declares IDs of 64 bits.
"""

import json
import math
import re
from typing import Any, NoReturn, TypeGuard

LARGEST_INTEGER = 2**53 - 1
_IDS = range(2**63)
_DIGITS = re.compile(r"\d{1,19}", re.ASCII)


def exact_integer(digits: str) -> int | str:
    """Return the integer of a JSON number, or its digits as text if its absolute value exceeds 2^53 - 1."""
    if len(digits) < 16:
        return int(digits)
    if len(digits) > 17:
        return digits
    number = int(digits)
    return number if abs(number) <= LARGEST_INTEGER else digits


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("an infinite number is not JSON")
    return number


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


loads_short = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse_constant).decode
"""Decode JSON without integers of 16 or more digits, a little faster than `loads`."""
_loads_text = json.JSONDecoder(parse_int=exact_integer, parse_float=_finite, parse_constant=_refuse_constant).decode


def loads(text: str | bytes) -> Any:
    """Decode JSON. Raises ValueError for invalid JSON and infinite numbers, RecursionError for too deep nesting."""
    return _loads_text(text if isinstance(text, str) else text.decode(json.detect_encoding(text), "surrogatepass"))


def is_deeper(value: Any, levels: int) -> bool:
    """Return whether decoded JSON has more than this number of nested lists and objects."""
    level = [value]
    for _ in range(levels):
        # Two conditions instead of isinstance: this runs for each value of each response.
        level = [
            part
            for outer in level
            for part in (outer.values() if type(outer) is dict else outer if type(outer) is list else ())
            if type(part) is dict or type(part) is list
        ]
        if not level:
            return False
    return True


def portable(value: Any) -> Any:
    """Return an integer as text if JavaScript would round it, also within lists. Other values are not changed."""
    if isinstance(value, list):
        return [portable(item) for item in value]
    is_rounded = isinstance(value, int) and abs(value) > LARGEST_INTEGER
    return str(value) if is_rounded else value


def is_id(value: Any) -> TypeGuard[int | str]:
    """Return whether a decoded value can be an ID of CallFire: a number of up to 63 bits, or its digits as text."""
    if isinstance(value, str):
        return _DIGITS.fullmatch(value) is not None and int(value) in _IDS
    return isinstance(value, int) and not isinstance(value, bool) and value in _IDS


def whole(value: Any) -> int | None:
    """Return a decoded whole number, also if it is written as 5.0; None for any other value."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
