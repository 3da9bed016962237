"""The line of each value in a JSON text, so that an error can name it."""

import json
import re
from dataclasses import dataclass, field

Place = tuple[str | int, ...]  # ("steps", 0, "config"): the way from the file's top to a value

_TOKEN = re.compile(r'\n|"(?:\\.|[^"\\])*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass
class Locations:
    """`lines` has the line, from 1, of each value; a member of an object stands on the line of its key.

    `duplicates` lists the places of keys that occur twice in one object, with the line of the second.
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


def spell(place: Place) -> str:
    """Write a place as JavaScript would: steps[0].config."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".") or "the file"


def line_of(place: Place, lines: dict[Place, int]) -> int:
    """Return the line of a place, or of the nearest value around it."""
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
