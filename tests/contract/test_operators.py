"""docs/operators.md: its commands work, and it names all errors and only log lines that exist."""

import os
import re
import subprocess
import time
from pathlib import Path

import elasticio
import pytest

from lib.callfire.api import errors as callfire_errors
from tests.contract.repository import ROOT
from tests.contract.test_docs import table
from tools.operators_page import sections

PAGE = (ROOT / "docs" / "operators.md").read_text()
HEALTH = PAGE.split("\n## Health\n")[1].split("\n## ")[0]
FILE = "/tmp/health"
PROBES = re.findall(r"sh, -c, '([^']+)'|CMD (.+)", HEALTH)


@pytest.mark.parametrize("probe", [first or second for first, second in PROBES])
@pytest.mark.parametrize(("age", "is_healthy"), [(0, True), (60, True), (180, False), (None, False)])
def test_the_probes_accept_only_a_fresh_file(tmp_path: Path, probe: str, age: int | None, is_healthy: bool) -> None:
    file = tmp_path / "health"
    if age is not None:
        file.touch()
        os.utime(file, (time.time() - age,) * 2)
    assert FILE in probe
    done = subprocess.run(("/bin/sh", "-c", probe.replace(FILE, str(file))), check=False, capture_output=True)
    assert (done.returncode == 0) is is_healthy


def test_both_probes_are_tested() -> None:
    assert len(PROBES) == 2
    assert f"ELASTICIO_HEALTH_FILE, value: {FILE}" in HEALTH


def test_every_error_has_an_instruction() -> None:
    first, *rest = [row[0] for row in table(PAGE, "Errors and what to do")]
    named = re.findall(r"`(\w+)`", " ".join((first, *rest)))
    public = {name for name in elasticio.__all__ if name.endswith("Error") and name != "EmittedError"}
    ours = {
        name
        for name, value in vars(callfire_errors).items()
        if isinstance(value, type) and issubclass(value, callfire_errors.CallFireError)
    }
    assert first == "`OutcomeUnknown`"
    assert set(named) == (public | ours) - {
        "ElasticioError",
        "CallFireError",
        "Temporary",
    }  # their subclasses are named


def test_the_named_log_lines_exist() -> None:
    """A problem shows the text of the generated table, or its beginning followed by …."""
    lines = re.findall(r"`(.+?)` \|$", sections()["log lines"], re.MULTILINE)
    named = [
        text for row in table(PAGE, "Problems and what to do") for text in re.findall(r"`([A-Z]\w+[ :][^`]+)`", row[0])
    ]
    assert len(named) > 6
    for text in named:
        assert any(line.startswith(text.removesuffix("…").rstrip()) for line in lines), text
