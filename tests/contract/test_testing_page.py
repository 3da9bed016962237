"""The code on the page about tests of components runs as written."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.contract.repository import ROOT

PAGE = (ROOT / "docs" / "testing.md").read_text()
# A block follows the name of its file. A block without one belongs to the file before.
BLOCK = re.compile(r"(?ms)^(?:`([\w/]+\.py)`:\n\n)?```python\n(.*?)^```")


def files() -> dict[str, str]:
    """Return the files of the page: {path: source}."""
    written: dict[str, str] = {}
    path = ""
    for name, source in BLOCK.findall(PAGE):
        path = name or path
        written[path] = f"{written[path]}\n\n{source}" if path in written else source
    return written


def test_all_tests_of_the_page_pass(tmp_path: Path) -> None:
    for path, source in files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(source)
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", "-W", "error", "tests")
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    expected = files()["tests/test_label.py"].count("def test_")
    assert expected > 5
    assert f"{expected} passed" in done.stdout


def test_every_python_block_belongs_to_a_file() -> None:
    assert len(BLOCK.findall(PAGE)) == PAGE.count("```python")
    assert set(files()) == {"lib/actions/label.py", "tests/test_label.py"}
