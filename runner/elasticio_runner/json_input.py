"""Reads JSON of users: flow files, state files and arguments. A byte order mark is accepted."""

import json
import math
from pathlib import Path
from typing import Any, NoReturn

DEEPEST = 200  # levels of nesting: deeper values would fail later, in the middle of a run
_BYTE_ORDER_MARK = "\ufeff"


class InvalidJsonError(ValueError):
    """A text is not valid JSON, or exceeds a limit. `line` is the line of the mistake, from 1."""

    def __init__(self, text: str, line: int = 1) -> None:
        super().__init__(text)
        self.line = line


def read_text(file: Path) -> str:
    """Return the text of a file in UTF-8, without a byte order mark; raises OSError or UnicodeDecodeError."""
    return file.read_text(encoding="utf-8-sig")


def unreadable(error: OSError | UnicodeDecodeError) -> str:
    """Return why `read_text` failed, without the name of the file."""
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else "it is not in UTF-8"


def parse(text: str, deepest: int = DEEPEST) -> Any:
    """Parse JSON of at most `deepest` levels. Raises InvalidJsonError, whose text never contains the value."""
    too_deep = f"the value is nested more than {deepest} levels deep"
    try:
        value = json.loads(text.removeprefix(_BYTE_ORDER_MARK), parse_constant=_refuse, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise InvalidJsonError(f"{error.msg} at column {error.colno}", error.lineno) from None
    except RecursionError:
        raise InvalidJsonError(too_deep) from None
    except InvalidJsonError:
        raise
    except ValueError:  # Python limits the digits of an integer, because reading them takes quadratic time
        raise InvalidJsonError("a number has too many digits") from None
    if is_deeper(value, deepest):
        raise InvalidJsonError(too_deep)
    return value


def is_deeper(value: Any, limit: int) -> bool:
    """Return whether a value is nested more than `limit` levels deep."""
    level = [value]
    for _ in range(limit + 1):
        level = [item for part in level for item in _members(part)]
        if not level:
            return False
    return True


def _refuse(constant: str) -> NoReturn:
    raise InvalidJsonError(f"{constant} is not a JSON value")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise InvalidJsonError("a number is too large")
    return number


def _members(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
