"""Values of command line arguments. An invalid value is an error of the command line."""

import argparse
from pathlib import Path
from typing import Any

from elasticio_runner import json_input
from elasticio_runner.terminal_text import printable


def port(text: str) -> int:
    """Return a port number; 0 selects a free port."""
    number = int(text) if text.isdecimal() else -1
    if not 0 <= number < 1 << 16:
        raise argparse.ArgumentTypeError("must be a port number, 0 to 65535")
    return number


def folder(text: str) -> Path:
    """Return the path of an existing folder."""
    path = Path(text)
    try:
        if path.is_dir():
            return path
    except (OSError, ValueError):
        pass
    raise argparse.ArgumentTypeError(f"{text} is not a folder. Name the folder that contains component.json.")


def component_folder(text: str) -> Path:
    """Return the path of a folder that contains component.json. For "", it is the current folder."""
    path = folder(text) if text else Path()
    if not (path / "component.json").exists():
        place = f"{text} has" if text else "the current folder has"
        raise argparse.ArgumentTypeError(f"{place} no component.json. Name the folder of a component.")
    return path


def merged(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the values of an argument that was given several times; later values replace earlier ones."""
    return {name: value for each in objects for name, value in each.items()}


def json_value(text: str) -> Any:
    """Return the JSON value of an argument, or of the file that the argument names after @."""
    if text == "@":
        raise argparse.ArgumentTypeError("name a file after @")
    try:
        return json_input.parse(json_input.read_text(Path(text[1:])) if text.startswith("@") else text)
    except (OSError, UnicodeDecodeError) as error:
        reason = json_input.unreadable(error)
        raise argparse.ArgumentTypeError(printable(f"{text[1:]} cannot be read: {reason}")) from error
    except json_input.InvalidJsonError as error:
        where = f"{text[1:]}, line {error.line}: " if text.startswith("@") else ""
        raise argparse.ArgumentTypeError(printable(f"{where}not valid JSON: {error}")) from error


def json_object(text: str) -> dict[str, Any]:
    """Return a JSON value that must be an object."""
    value = json_value(text)
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("must be a JSON object")
    return value
