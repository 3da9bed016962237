"""The repository's files, and the syntax trees of its Python files."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def files() -> list[Path]:
    """Return the files that git tracks or would add, in order, without deleted ones."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in sorted(filter(None, listed.split("\0"))) if (path := ROOT / name).is_file()]


def texts() -> Iterator[tuple[Path, str]]:
    """Yield each text file's path in the repository, and its content."""
    for path in files():
        try:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def code(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    """Yield the path in the repository and the tree of each Python file in `rooms`."""
    for path, text in texts():
        if path.suffix == ".py" and (not rooms or path.parts[0] in rooms):
            yield path, ast.parse(text, str(path))
