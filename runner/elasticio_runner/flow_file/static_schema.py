"""The static schemas of functions: objects in component.json, or files that it names."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from elasticio_runner.errors import StaticSchemaError
from elasticio_runner.json_input import InvalidJsonError, parse, read_text, unreadable


def static_schema(entry: Mapping[str, Any], side: str, root: Path) -> dict[str, Any] | None:
    """Return the static schema of a function, or None if component.json has none.

    `entry` is the function in component.json, `side` is in or out, `root` is the component's folder. Raises
    StaticSchemaError, whose text begins with the place: `metadata.in: …`.
    """
    metadata = entry.get("metadata")
    if not isinstance(metadata, dict | None):
        raise StaticSchemaError("metadata: must be an object with in and out")
    schema = metadata.get(side) if metadata else None
    if isinstance(schema, str):
        schema = _content(schema, f"metadata.{side}", root)
    if not isinstance(schema, dict | None):
        raise StaticSchemaError(f"metadata.{side}: must be a JSON schema, an object")
    return schema


def _content(name: str, place: str, root: Path) -> Any:
    file = (root / name).resolve()
    if not file.is_relative_to(root.resolve()):
        raise StaticSchemaError(f"{place}: {name} is outside of the component's folder")
    try:
        return parse(read_text(file))
    except (OSError, UnicodeDecodeError) as error:
        raise StaticSchemaError(f"{place}: {name} cannot be read ({unreadable(error)})") from error
    except InvalidJsonError as error:
        raise StaticSchemaError(f"{place}: {name}, line {error.line}: not valid JSON: {error}") from error
