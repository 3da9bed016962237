"""One name has one meaning: no class name twice within a room, module names repeat only where packages mirror"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.contract.repository import code

CLASS_ROOMS = ("lib", "sdk", "runner", "sandbox")
MODULE_ROOMS = ("lib", "sdk")
# Every package has these.
EVERYWHERE = {"__init__.py", "__main__.py"}
# Packages that do the same job for different things: their modules may have the same names.
MIRRORS: tuple[frozenset[str], ...] = ()


def repeated_classes(trees: Iterable[tuple[Path, ast.Module]]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield room, name and paths of each class name that is defined more than once in a room."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[path.parts[0], node.name].append(str(path))
    yield from ((room, name, paths) for (room, name), paths in places.items() if len(paths) > 1)


def repeated_modules(
    paths: Iterable[Path], mirrors: Iterable[frozenset[str]] = MIRRORS
) -> Iterator[tuple[str, str, list[str]]]:
    """Yield room, file name and folders of each module name that repeats in a room outside of mirrored packages."""
    folders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in paths:
        if path.name not in EVERYWHERE:
            folders[path.parts[0], path.name].add(str(path.parent))
    for (room, name), found in folders.items():
        if len(found) > 1 and not any(found <= mirror for mirror in mirrors):
            yield room, name, sorted(found)


def test_class_names_are_unique_in_a_package() -> None:
    assert not list(repeated_classes(code(*CLASS_ROOMS)))


def test_module_names_are_unique_in_a_package() -> None:
    assert not list(repeated_modules(path for path, _ in code(*MODULE_ROOMS)))


def test_a_class_that_is_defined_twice_is_found() -> None:
    trees = [(Path(path), ast.parse("class Step:\n    class Inner: ...")) for path in ("sdk/a.py", "sdk/b/c.py")]
    assert [name for _, name, _ in repeated_classes(trees)] == ["Step", "Inner"]
    assert not list(repeated_classes([trees[0], (Path("lib/a.py"), trees[1][1])]))


@pytest.mark.parametrize(
    ("first", "second", "repeats"),
    [
        ("sdk/a/form.py", "sdk/b/form.py", True),
        ("sdk/form.py", "sdk/b/form.py", True),
        ("sdk/a/form.py", "lib/a/form.py", False),
        ("sdk/a/__init__.py", "sdk/b/__init__.py", False),
        ("sdk/a/trigger.py", "sdk/mirror/trigger.py", False),
        ("sdk/b/trigger.py", "sdk/mirror/trigger.py", True),
    ],
)
def test_a_module_name_may_repeat_between_mirrors_only(first: str, second: str, repeats: bool) -> None:
    mirrors = [frozenset({"sdk/a", "sdk/mirror"})]
    assert bool(list(repeated_modules(map(Path, (first, second)), mirrors))) is repeats
