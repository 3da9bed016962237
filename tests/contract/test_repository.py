"""Rules for all files: maximum sizes, one version, no local paths."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.contract.repository import ROOT, code, texts

MODULE_LINES = 350
FUNCTION_LINES = 40
ROOMS = ("lib", "sdk", "runner", "sandbox", "tools")
HOME = re.compile(r"(?<![\w.:/$}-])/(?:home|Users|root|work|workspace)/[\w.-]+")


def functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield name and number of lines of each function, with its docstring, without its decorators."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_is_too_long() -> None:
    long = [
        f"{path}: {text.count(chr(10))} lines"
        for path, text in texts()
        if path.suffix == ".py" and path.parts[0] in ROOMS and text.count("\n") > MODULE_LINES
    ]
    assert not long, "\n".join(long)


def test_no_function_is_too_long() -> None:
    long = [
        f"{path}: {name}, {lines} lines"
        for path, tree in code(*ROOMS)
        for name, lines in functions(tree)
        if lines > FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


def test_no_module_is_a_collection_of_helpers() -> None:
    assert not [str(path) for path, _ in code() if path.stem in ("utils", "util", "helpers", "misc")]


def test_there_is_one_version() -> None:
    version = tomllib.loads((ROOT / "sdk/pyproject.toml").read_text())["project"]["version"]
    newest = re.search(r"(?m)^## (\d\S*)", (ROOT / "CHANGELOG.md").read_text())
    assert newest is not None
    assert newest[1] == version
    assert json.loads((ROOT / "component.json").read_text())["version"] == version
    init = (ROOT / "sdk/elasticio/version.py").read_text()
    for found in re.findall(r'(?m)^__version__(?:: \w+)? = "(.+)"', init):
        assert found == version


def test_no_file_contains_a_local_path() -> None:
    found = [
        f"{path}: {match[0]}"
        for path, text in texts()
        for match in HOME.finditer(text)
        if path.parts[:2] != ("tests", "contract")
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("line", ['cwd = "/home/ann/connector"', "see /Users/ann/notes", "`/root/key`", "=/work/x"])
def test_a_local_path_is_found(line: str) -> None:
    assert HOME.search(line)


@pytest.mark.parametrize("line", ["https://example.com/work/item", "GET /v2/home/x", "./work/x", "/var/lib/rabbitmq"])
def test_other_paths_are_not_found(line: str) -> None:
    assert not HOME.search(line)


def test_locks_name_packages_and_no_registry() -> None:
    """The machine that installs the packages selects the registry."""
    for lock in sorted((ROOT / "requirements").iterdir()):
        text = lock.read_text()
        assert "://" not in text, lock.name
        assert not re.search(r"(?m)^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b", text), lock.name
    package_lock = json.loads((ROOT / "services/sailor_nodejs/package-lock.json").read_text())
    packages = {name: entry for name, entry in package_lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert all(entry["integrity"] for entry in packages.values())


def test_no_file_sets_a_registry() -> None:
    setting = re.compile(
        r"(?i)\bregistry\s*=\s*\S*://|--(?:extra-)?index-url[ =]\S*://|--registry[ =]|\bPIP_INDEX_URL="
    )
    assert not [str(path) for path, text in texts() if setting.search(text) and path.parts[:2] != ("tests", "contract")]
