"""Reads JSON of users: flow files, state files and arguments. A byte order mark is accepted."""

import json
import math
import re
from pathlib import Path
from typing import Any, NoReturn

DEEPEST = 200  # levels of nesting: deeper values would fail later, in the middle of a run
_BYTE_ORDER_MARK = "\ufeff"
TYPOGRAPHIC = "\u2018\u2019\u201a\u201c\u201d\u201e«»"  # quotes that a word processor writes
# (the text before a mistake, the text from there, the correction), the first match counts
_CORRECTIONS = (
    (r"\s*$", r"\s*$", "it is empty"),
    (r"[^{\[\"]*$", r"<", "this is HTML or XML; write JSON"),
    (r"", f"[{TYPOGRAPHIC}]", 'write straight quotes: "'),
    (r"", r"//|/\*|#", "JSON has no comments; remove it"),
    (r",\s*$", r"[}\]]", "remove the comma before it"),
    (r"", r",\s*[}\]]", "remove the comma"),
    (r"", r"'", 'write double quotes: "'),
    (r"", r"(?:True|False|None|undefined)\b", "write true, false or null"),
    (r"^\s*$", r"(?:---|- |[\w$-]+:\s)", "this is YAML; write JSON"),
    (r"", r"[\r\n\t]", "write \\n for a line break and \\t for a tab in a text"),
)


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
    text = text.removeprefix(_BYTE_ORDER_MARK)
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at column {error.colno}{_correction(text, error.pos)}"
        raise InvalidJsonError(reason, error.lineno) from None
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


def _correction(text: str, position: int) -> str:
    """Return "; " and how to correct a mistake in JSON, "" if it is not a usual one."""
    before, rest = text[max(0, position - 100) : position], text[position : position + 100]
    for left, right, advice in _CORRECTIONS:
        if re.match(right, rest) and re.search(left, before):
            return f"; {advice}"
    return ""


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
