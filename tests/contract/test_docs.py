"""The documents tell the truth about what can be checked: commands, links, dependencies"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.repository import ROOT, files

DOCUMENTS = [path for path in files() if path.suffix == ".md"]
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


def test_the_documents_are_there() -> None:
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "sdk/README.md"} <= {
        str(path.relative_to(ROOT)) for path in DOCUMENTS
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_make_target_that_is_named_exists(document: Path) -> None:
    assert not named_targets(document.read_text()) - TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_relative_link_leads_somewhere(document: Path) -> None:
    assert not [link for link in links(document.read_text()) if not (document.parent / link).exists()]


def test_the_readme_names_the_two_commands() -> None:
    assert {"demo", "test"} <= named_targets((ROOT / "README.md").read_text())


def test_each_target_is_phony_and_explained() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"(?m)^\.PHONY: (.*)$", makefile)
    assert phony is not None
    assert set(phony[1].split()) == TARGETS
    assert set(re.findall(r"(?m)^([a-z]+):.* ## \S", makefile)) == TARGETS


def test_each_dependency_has_its_reason_and_each_reason_its_dependency() -> None:
    wanted = {
        (package, path.stem)
        for path in (ROOT / "requirements").glob("*.in")
        for package in re.findall(r"(?m)^([a-z0-9][a-z0-9-]*)", path.read_text())
    }
    rows = table((ROOT / "CONTRIBUTING.md").read_text(), "Dependencies")
    assert all(len(reason) > 15 for _, _, reason in rows)
    assert sorted((package, place) for package, place, _ in rows) == sorted(wanted)


def test_what_is_named_is_read() -> None:
    block = "```sh\n$ make PYTHON=py sandbox\nmake build && make check\n```"
    text = f"`make test` and `make demo BROKER=x`\n\n{block}\n make no"
    assert named_targets(text) == {"test", "demo", "sandbox", "build", "check"}
    assert list(links('[a](b/c.md#d) ![p](logo.png) [e](https://f) [g](#h) <img src="i.png">')) == [
        "b/c.md",
        "logo.png",
        "i.png",
    ]
