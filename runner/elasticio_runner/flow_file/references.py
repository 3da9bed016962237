"""References to environment variables, so that files contain no secrets: "${CALLFIRE_PASSWORD}".

"${CITY:-Berlin}" has a default.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from elasticio_runner.flow_file.locations import Place
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
    if isinstance(value, str):
        for match in _REFERENCE.finditer(value):
            if match[1] not in environ and match[2] is None:
                yield Problem(place, f"the environment variable {match[1]} is not set; set it and run again")
    elif isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in members:
            yield from unset(item, environ, (*place, key))


def misspelled(value: Any, place: Place) -> Iterator[Problem]:
    """Yield a warning for each value that is probably meant as a reference: "$NAME" or "${ NAME }"."""
    if isinstance(value, str):
        match = None if has_reference(value) else _OTHER_NOTATION.fullmatch(value)
        if match:
            name = next(filter(None, match.groups()))
            yield Problem(
                place, f'this is no reference; write "${{{name}}}" for the environment variable', is_warning=True
            )
    elif isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in members:
            yield from misspelled(item, (*place, key))
