"""The component in twenty lines in sdk/README.md works as documented."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.contract.repository import ROOT


def test_the_component_runs_as_documented(tmp_path: Path) -> None:
    blocks = re.findall(r"(?ms)^```(\w+)\n(.*?)^```", (ROOT / "sdk" / "README.md").read_text())
    (_, descriptor), (_, module), (_, command), (_, shown) = blocks[:4]
    (tmp_path / "lib" / "actions").mkdir(parents=True)
    (tmp_path / "component.json").write_text(descriptor)
    (tmp_path / "lib" / "actions" / "greet.py").write_text(module)
    program, *arguments = shlex.split(command)
    assert program == "elasticio"
    done = subprocess.run(
        [sys.executable, "-m", "elasticio", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == (shown, 0), done.stderr


def test_the_component_has_twenty_lines() -> None:
    blocks = re.findall(r"(?ms)^```(\w+)\n(.*?)^```", (ROOT / "sdk" / "README.md").read_text())
    lines = [line for _, text in blocks[:2] for line in text.splitlines() if line.strip()]
    assert len(lines) <= 20
