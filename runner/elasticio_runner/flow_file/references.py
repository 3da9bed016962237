"""References to environment variables, so that files contain no secrets: "${CALLFIRE_PASSWORD}".

"${CITY:-Berlin}" has a default.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from elasticio_runner.flow_file.locations import Place, texts
from elasticio_runner.flow_file.problems import Problem

# References of shells and templates, which would stay as they are
_OTHER_NOTATION = re.compile(r"\$([A-Z_][A-Z0-9_]*)|\$\{ *([A-Z_][A-Z0-9_]*) *\}|%([A-Z_]+)%|\{\{ *([A-Z_]+) *\}\}")
_REFERENCE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


def has_reference(value: Any) -> bool:
    """Return whether a value contains a reference."""
    return isinstance(value, str) and _REFERENCE.search(value) is not None


def resolve(value: Any, environ: Mapping[str, str]) -> Any:
    """Return a JSON value with all references replaced. References to unset variables do not change."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: environ.get(match[1], match[0] if match[2] is None else match[2]), value)
    if isinstance(value, dict):
        return {name: resolve(item, environ) for name, item in value.items()}
    return [resolve(item, environ) for item in value] if isinstance(value, list) else value


def unset(value: Any, environ: Mapping[str, str], place: Place) -> Iterator[Problem]:
    """Yield a problem for each reference to a variable that is not set."""
    for where, text in texts(value, place):
        for match in _REFERENCE.finditer(text):
            if match[1] not in environ and match[2] is None:
                yield Problem(where, f"the environment variable {match[1]} is not set; set it and run again")


def misspelled(value: Any, place: Place) -> Iterator[Problem]:
    """Yield a warning for each value that is probably meant as a reference: "$NAME" or "${ NAME }"."""
    for where, text in texts(value, place):
        match = None if has_reference(text) else _OTHER_NOTATION.fullmatch(text)
        if match:
            name = next(filter(None, match.groups()))
            advice = f'this is no reference; write "${{{name}}}" for the environment variable'
            yield Problem(where, advice, is_warning=True)
