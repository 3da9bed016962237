"""The documents name existing commands, links, paths and dependencies."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.trace import GOALS
from tests.contract.repository import ROOT, files

DOCUMENTS = [path for path in files() if path.suffix == ".md"]
README_LINES = 120
CELL_WIDTH = 120  # characters
ROOT_NAMES = {path.relative_to(ROOT).parts[0] for path in files()}
# Documents that name paths of this repository. The others may show paths of other components.
OF_OTHERS = {"CHANGELOG.md", "testing.md"}
WITH_PATHS = [path for path in DOCUMENTS if path.parent in (ROOT, ROOT / "docs") and path.name not in OF_OTHERS]
SUFFIXES = {".py", ".js", ".json", ".md", ".svg", ".png", ".toml", ".lock", ".in", ".wsdl"}
TARGETS = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text()))


def named_targets(text: str) -> set[str]:
    """Return the make targets that a document names, in code spans and in blocks."""
    blocks = re.findall(r"(?ms)^ *```\w*\n(.*?)^ *```|`([^`\n]+)`", text)
    lines = "\n".join(block or span for block, span in blocks)
    return set(re.findall(r"(?m)(?:^|[;&$] *)make(?: +[A-Z_]+=\S+)* +([a-z]+)\b", lines))


def links(text: str) -> Iterator[str]:
    """Yield the relative targets of a document's links and pictures, without their anchors."""
    prose = re.sub(r"(?ms)^ *```.*?^ *```", "", text)
    for target in re.findall(r"\]\(<?([^)\s>]+)", prose) + re.findall(r'(?:src|href)="([^"]+)"', prose):
        if not re.match(r"[a-z]+:|#", target):
            yield target.split("#")[0]


def table(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table under `heading`, without its own heading."""
    section = text.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    return rows[2:]


def cells(text: str) -> Iterator[str]:
    """Yield the cells of all tables, without those in code blocks."""
    for line in re.sub(r"(?ms)^ *```.*?^ *```", "", text).splitlines():
        if line.lstrip().startswith("|"):
            yield from (cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|")))


def named_paths(text: str) -> Iterator[str]:
    """Yield texts that look like paths of the repository: in code spans, and as arguments in code blocks."""
    prose = re.sub(r"(?ms)^ *```.*?^ *```", "", text)
    words = re.findall(r"`([^`\s]+)`", prose)
    for block in re.findall(r"(?ms)^ *```sh\n(.*?)^ *```", text):
        words += re.findall(r"[^\s=\"']+", block)
    for word in words:
        first, slash, _ = word.partition("/")
        if not re.fullmatch(r"[\w.*-]+(/[\w.*-]+)*/?", word) or first == ".venv":
            continue
        if (slash and first in ROOT_NAMES) or ("/" in word and Path(word).suffix in SUFFIXES):
            yield word


def is_in_repository(path: str, document: Path) -> bool:
    """Whether a path, which may contain *, exists below the root or beside the document."""
    return any(next(folder.glob(path.rstrip("/")), None) for folder in (ROOT, document.parent))


def test_the_documents_exist() -> None:
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "sdk/README.md"} <= {
        str(path.relative_to(ROOT)) for path in DOCUMENTS
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_named_make_target_exists(document: Path) -> None:
    assert not named_targets(document.read_text()) - TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_relative_link_has_a_target(document: Path) -> None:
    assert not [link for link in links(document.read_text()) if not (document.parent / link).exists()]


@pytest.mark.parametrize("document", WITH_PATHS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_named_path_exists(document: Path) -> None:
    assert not [path for path in named_paths(document.read_text()) if not is_in_repository(path, document)]


@pytest.mark.parametrize("document", WITH_PATHS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_named_module_can_be_run(document: Path) -> None:
    for module in re.findall(r"python3? -m ([\w.]+)", document.read_text()):
        assert importlib.util.find_spec(module), module


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_table_cell_is_too_long(document: Path) -> None:
    long = [cell for cell in cells(document.read_text()) if len(cell) > CELL_WIDTH]
    assert not long, "\n".join(long)


def test_the_workflows_run_existing_targets() -> None:
    workflows = "".join(path.read_text() for path in (ROOT / ".github" / "workflows").glob("*.yml"))
    runs = re.findall(r"(?m)^ +- run: (.+)$", workflows)
    named = {word for run in runs if run.startswith("make ") for word in run.split()[1:] if word.isalpha()}
    assert {"check", "test", "dist", "docs", "audit", "sbom"} <= named <= TARGETS
    assert all((ROOT / run).is_file() for run in runs if run.startswith(".ci/"))


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= README_LINES


def test_the_readme_names_the_two_commands() -> None:
    assert {"demo", "test"} <= named_targets((ROOT / "README.md").read_text())


def test_each_make_target_is_phony_and_documented() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"(?m)^\.PHONY: (.*)$", makefile)
    assert phony is not None
    assert set(phony[1].split()) == TARGETS
    assert set(re.findall(r"(?m)^([a-z]+):.* ## \S", makefile)) == TARGETS


def test_contributing_lists_every_command() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text().split("\n## Start\n")[1].split("\n## ")[0]
    assert set(re.findall(r"(?m)^\| `make ([a-z]+)` \|", text)) == TARGETS


def test_contributing_names_the_goals_of_the_trace() -> None:
    rows = {row[0]: row[1] for row in table((ROOT / "CONTRIBUTING.md").read_text(), "Path length of a message")}
    assert rows.keys() == GOALS.keys()
    for function, goal in GOALS.items():
        hops = f" and {goal.hops} hops" if goal.hops is not None else ""
        assert rows[function] == f"at most {goal.files} files{hops}"


def test_dependencies_and_reasons_match() -> None:
    wanted = {
        (package, path.stem)
        for path in (ROOT / "requirements").glob("*.in")
        for package in re.findall(r"(?m)^([a-z0-9][a-z0-9-]*)", path.read_text())
    }
    rows = table((ROOT / "CONTRIBUTING.md").read_text(), "Dependencies")
    assert all(len(reason) > 15 for _, _, reason in rows)
    assert sorted((package, place) for package, place, _ in rows) == sorted(wanted)


def test_long_cells_are_found() -> None:
    assert list(cells("text | text\n| a \\| b | `c` |\n```\n| no | cell |\n```\n")) == ["a \\| b", "`c`"]


def test_paths_are_found() -> None:
    spans = "`lib/x.py`, `docs/`, `lib`, `a/b`, `x y/z`, `other/a.py`, `GET /texts`"
    text = f'{spans}\n```sh\nmake test ARGS="tests/sdk -k x"\n```\n'
    assert list(named_paths(text)) == ["lib/x.py", "docs/", "other/a.py", "tests/sdk"]
    assert is_in_repository("lib/actions/find_*.py", ROOT / "README.md")
    assert is_in_repository("errors.md", ROOT / "docs" / "sends.md")
    assert not is_in_repository("lib/no_such_file.py", ROOT / "README.md")


def test_commands_and_links_are_found() -> None:
    block = "```sh\n$ make PYTHON=py sandbox\nmake build && make check\n```"
    text = f"`make test` and `make demo BROKER=x`\n\n{block}\n make no"
    assert named_targets(text) == {"test", "demo", "sandbox", "build", "check"}
    assert list(links('[a](b/c.md#d) ![p](logo.png) [e](https://f) [g](#h) <img src="i.png">')) == [
        "b/c.md",
        "logo.png",
        "i.png",
    ]
