"""`make docs`: the site contains every document, and a broken link or anchor stops the build."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.repository import ROOT
from tools import site

SOURCES = {"examples/reply.flow.json", "docs/sends.md", "docs/actions/texts.md", "docs/plot.svg", *site.OUTSIDE}


def build(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Build the site of the pages in a folder, with the repository's configuration."""
    shutil.copy(ROOT / "mkdocs.yml", folder / "mkdocs.yml")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", "mkdocs.yml"]
    environ = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, cwd=folder, env=environ)


def test_the_site_has_a_page_for_every_document(tmp_path: Path) -> None:
    site.write_pages(tmp_path / "build" / "pages")
    built = build(tmp_path)
    assert built.returncode == 0, built.stderr
    documents = [*ROOT.glob("docs/**/*.md"), *(ROOT / name for name in site.OUTSIDE)]
    for path in documents:
        page = site.page_of(path.relative_to(ROOT).as_posix())
        assert (tmp_path / "build" / "site" / page).with_suffix(".html").is_file()


@pytest.mark.parametrize("target", ["missing.md", "sends.md#missing"])
def test_a_broken_link_stops_the_build(target: str, tmp_path: Path) -> None:
    pages = tmp_path / "build" / "pages"
    site.write_pages(pages)
    with (pages / "inputs.md").open("a") as page:
        page.write(f"\n[broken]({target})\n")
    built = build(tmp_path)
    assert built.returncode != 0
    assert target.partition("#")[2] in built.stderr


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("README.md", "[a](docs/sends.md#keys)", "[a](sends.md#keys)"),
        ("README.md", "[a](sdk/README.md), [b](LICENSE)", "[a](sdk.md), b"),
        ("docs/sends.md", "[a](../README.md) [b](actions/texts.md#x)", "[a](index.md) [b](actions/texts.md#x)"),
        ("docs/actions/texts.md", "[a](../sends.md) [b](../../lib/actions)", "[a](../sends.md) b"),
        ("docs/actions/texts.md", "[a](../../sdk/README.md#x)", "[a](../sdk.md#x)"),
        ("docs/sends.md", "[a](../examples/reply.flow.json)", "[a](examples/reply.flow.json)"),
        ("docs/sends.md", "[a](#here) [b](https://example.com/x)", "[a](#here) [b](https://example.com/x)"),
        ("README.md", "![A plot](docs/plot.svg)", "![A plot](plot.svg)"),
        ("README.md", '<img src="docs/plot.svg"> <img src="https://x.example/y.png">', None),
        ("README.md", "```md\n[a](docs/sends.md)\n```\n", "```md\n[a](docs/sends.md)\n```\n"),
        ("README.md", "[![A plot](docs/plot.svg)](docs/sends.md)", "[![A plot](plot.svg)](sends.md)"),
    ],
)
def test_links_point_to_pages_of_the_site(source: str, text: str, expected: str | None) -> None:
    expected = expected or '<img src="plot.svg"> <img src="https://x.example/y.png">'
    assert site.for_site(text, source, SOURCES) == expected
