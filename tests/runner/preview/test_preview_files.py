"""The files of the preview's page, without a server"""

import re
from pathlib import Path

import pytest

from tests.contract.repository import ROOT

STATIC = ROOT / "runner" / "elasticio_runner" / "preview" / "static"
FILES = sorted(path for path in STATIC.rglob("*") if path.is_file())
MAX_LINES = 350


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_short_plain_and_local(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= MAX_LINES
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function", text
    )
    assert not re.search(r"localStorage|document\.cookie|indexedDB", text)
    if path.suffix == ".html":
        assert not re.search(r"\son\w+=|\sstyle=|<script>|<style>", text)
    assert set(re.findall(r"https?://[\w.]+", text)) <= {"http://www.w3.org"}
