"""The static schemas of a function, and whether files of a component have changed."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from elasticio_runner import json_input
from elasticio_runner.flow_file import components

_WATCHED = (".py", ".json", ".png")
_OTHERS = {"node_modules", "venv", "__pycache__", "build", "dist"}
_MOST_FILES = 10_000


def static_schemas(root: Path, function: str, kind: str) -> dict[str, Any]:
    """Return {in, out} of a function's `metadata`: each is {schema}, {problem} or None if it is not declared."""
    group = components.descriptor(root).get(f"{kind}s")
    entry = group.get(function) if isinstance(group, dict) else None
    metadata = entry.get("metadata") if isinstance(entry, dict) else None
    if not isinstance(metadata, Mapping | None):
        problem = {"problem": "metadata: must be an object with in and out"}
        return {"in": problem, "out": problem}
    return {name: _schema(root, name, (metadata or {}).get(name)) for name in ("in", "out")}


def _schema(root: Path, name: str, given: Any) -> dict[str, Any] | None:
    if given is None:
        return None
    if isinstance(given, str):
        file = (root / given).resolve()
        if not file.is_relative_to(root.resolve()):
            return {"problem": f"metadata.{name}: {given} is outside of the component's folder"}
        try:
            given = json_input.parse(json_input.read_text(file))
        except (OSError, UnicodeDecodeError) as error:
            return {"problem": f"metadata.{name}: {file.name} cannot be read ({json_input.unreadable(error)})"}
        except json_input.InvalidJsonError as error:
            return {"problem": f"metadata.{name}: {file.name}, line {error.line}: not valid JSON: {error}"}
    if not isinstance(given, dict):
        return {"problem": f"metadata.{name}: must be a JSON schema, an object"}
    return {"schema": given}


def revision(root: Path) -> str:
    """Return a text that changes when a Python, JSON or PNG file of the component changes."""
    digest = hashlib.sha256()
    for number, (path, status) in enumerate(_files(root)):
        if number == _MOST_FILES:
            break
        digest.update(f"{path}\0{status.st_mtime_ns}\0{status.st_size}\0".encode(errors="surrogateescape"))
    return digest.hexdigest()[:16]


def _files(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _OTHERS and not name.startswith("."))
        for name in sorted(names):
            if name.endswith(_WATCHED):
                path = os.path.join(folder, name)  # noqa: PTH118 (walks thousands of files)
                try:
                    yield path, os.stat(path)  # noqa: PTH116 (as above)
                except OSError:
                    continue
