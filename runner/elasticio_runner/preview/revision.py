"""A text that changes when the files of a component change."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

_WATCHED = (".py", ".json", ".png")
_OTHERS = {"node_modules", "venv", "__pycache__", "build", "dist"}
_MOST_FILES = 10_000


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
