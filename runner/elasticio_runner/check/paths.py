"""Paths in component.json: any text, relative to the component's folder."""

from pathlib import Path


def is_file(folder: Path, name: str) -> bool:
    """Return whether a path leads to a file. False for a path that no file can have."""
    try:
        return (folder / name).is_file()
    except (OSError, ValueError):
        return False


def is_below(folder: Path, name: str) -> bool:
    """Return whether a path stays in the folder, after links are followed."""
    try:
        return (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return False
