"""The places of values in a file, for error messages: the line of each value, and the texts within a value."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Place = tuple[str | int, ...]  # ("steps", 0, "config"): the path of a value in the file

_TOKEN = re.compile(r'\n|"(?:\\.|[^"\\])*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass
class Locations:
    """The lines of the values in a text.

    lines       the line of each value, from 1; for a member of an object, the line of its key
    duplicates  the places of keys that occur twice in one object, with the line of the second key
    """

    lines: dict[Place, int] = field(default_factory=dict)
    duplicates: list[tuple[Place, int]] = field(default_factory=list)


@dataclass
class _Container:
    """An object or array that is being read, and the key or index of its current member."""

    is_array: bool
    member: str | int | None
    keys: set[str] = field(default_factory=set)


def locate(text: str) -> Locations:
    """Find the values of a valid JSON text in one pass."""
    found = Locations()
    containers: list[_Container] = []
    line = 1
    for token in _TOKEN.finditer(text):
        current = containers[-1] if containers else None
        match token[0]:
            case "\n":
                line += 1
            case "{" | "[" as bracket:
                found.lines.setdefault(_place(containers), line)
                containers.append(_Container(bracket == "[", 0 if bracket == "[" else None))
            case "}" | "]":
                containers.pop()
            case "," if current:
                current.member = current.member + 1 if isinstance(current.member, int) else None
            case ":":
                pass
            case value if current and not current.is_array and current.member is None:
                _begin_member(found, containers, json.loads(value), line)
            case _:
                found.lines.setdefault(_place(containers), line)
    return found


def texts(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield all texts within a JSON value, each with its place; keys of objects are not texts."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in members:
            yield from texts(item, (*place, key))


def spell(place: Place) -> str:
    """Return a place in JavaScript notation: steps[0].config."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".") or "the file"


def line_of(place: Place, lines: dict[Place, int]) -> int:
    """Return the line of a place, or of the nearest value that contains it."""
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place, 1)


def _begin_member(found: Locations, containers: list[_Container], key: str, line: int) -> None:
    current = containers[-1]
    current.member = key
    place = _place(containers)
    if key in current.keys:
        found.duplicates.append((place, line))
    current.keys.add(key)
    found.lines.setdefault(place, line)


def _place(containers: list[_Container]) -> Place:
    return tuple(container.member for container in containers if container.member is not None)
