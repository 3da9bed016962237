"""Where in a JSON text each value stands, so that an error can name the line."""

import json
import re
from dataclasses import dataclass

Place = tuple[str | int, ...]

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass
class _Container:
    """An object or array that is being read, and the key or index of the member at hand."""

    is_array: bool
    member: str | int | None


def lines(text: str) -> dict[Place, int]:
    """Return the line, from 1, of each value in a valid JSON text; a member of an object stands where its key does."""
    found: dict[Place, int] = {}
    open_containers: list[_Container] = []

    def note(line: int) -> None:
        place = tuple(container.member for container in open_containers if container.member is not None)
        found.setdefault(place, line)

    for token in _TOKEN.finditer(text):
        line = text.count("\n", 0, token.start()) + 1
        within = open_containers[-1] if open_containers else None
        match token[0]:
            case "{" | "[" as bracket:
                note(line)
                open_containers.append(_Container(bracket == "[", 0 if bracket == "[" else None))
            case "}" | "]":
                open_containers.pop()
            case "," if within:
                within.member = within.member + 1 if isinstance(within.member, int) else None
            case ":":
                pass
            case value:
                if within and not within.is_array and within.member is None:
                    within.member = json.loads(value)
                note(line)
    return found


def spell(place: Place) -> str:
    """Write a place as JavaScript would: steps[0].config."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".") or "the file"
