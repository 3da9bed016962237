r"""Makes text from outside safe to print on a terminal.

Control characters and escape sequences can move the cursor, hide text or change the window's title. Halves of surrogate
pairs cannot be encoded. Both are printed as escapes, for example `\x1b`.
"""

import json
import re
from typing import Any

# C0 without tab and line feed, DEL, C1, line separators, characters that change the reading direction, surrogates
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]",
)


def printable(text: str) -> str:
    """Return a text with unsafe characters as escapes. Line feeds and tabs do not change."""
    return _UNSAFE.sub(_python_escape, text)


def json_text(value: Any) -> str:
    """Return a value as one line of JSON. Unsafe characters are JSON escapes, so the value does not change."""
    return _UNSAFE.sub(_json_escape, json.dumps(value, ensure_ascii=False))


def _python_escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def _json_escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
