"""Reads a JSON file of a component: its value, and the line of each value in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from elasticio_runner import json_input
from elasticio_runner.check.findings import Finding, error
from elasticio_runner.flow_file.locations import Place, locate

DEEPEST = 64  # levels of nesting in component.json and in a schema
LARGEST = 20_000_000  # bytes


@dataclass(frozen=True)
class JsonFile:
    """The content of a file. `data` is None if the file cannot be read; `findings` then tells why."""

    data: Any = None
    lines: Mapping[Place, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def read(folder: Path, name: str) -> JsonFile:
    """Read the file `name` below a folder."""
    try:
        path = folder / name
        if path.stat().st_size > LARGEST:
            return _unreadable(name, f"the file is larger than {LARGEST:,} bytes", "Split or shorten the file")
        text = json_input.read_text(path)
    except UnicodeDecodeError:
        return _unreadable(name, "the file is not in UTF-8", "Save the file in UTF-8")
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "the path is invalid"
        return _unreadable(name, f"the file cannot be read ({reason})", "Create the file, or correct its path")
    try:
        data = json_input.parse(text, DEEPEST)
    except json_input.InvalidJsonError as problem:
        return _unreadable(name, f"not valid JSON: {problem}", "Correct the JSON", problem.line)
    located = locate(text)
    return JsonFile(data, located.lines, tuple(_repeated(name, place, line) for place, line in located.duplicates))


def _unreadable(name: str, wrong: str, advice: str, line: int | None = None) -> JsonFile:
    return JsonFile(findings=(error((), wrong, advice, file=name, line=line),))


def _repeated(name: str, place: Place, line: int) -> Finding:
    return error(place, "the key occurs twice in one object", "Remove or rename one of the two", file=name, line=line)
