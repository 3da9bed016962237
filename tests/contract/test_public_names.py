"""Every public name of the SDK can be imported, has a docstring and is in the reference."""

import inspect
import re
import subprocess
import sys

import elasticio
import pytest

from tests.contract.repository import ROOT

NAMES = [name for name in elasticio.__all__ if name != "__version__"]
HEADINGS = set(re.findall(r"(?m)^## (\w+)$", (ROOT / "docs" / "reference.md").read_text()))


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_is_documented(name: str) -> None:
    value = getattr(elasticio, name)
    assert name in HEADINGS
    if not inspect.isclass(value):  # the generator fails if a constant has no docstring
        return
    assert inspect.getdoc(value)
    assert "__doc__" in vars(value), "the docstring is inherited"
    assert not (value.__doc__ or "").startswith(f"{name}("), "the docstring was generated"


def test_the_reference_lists_public_names_only() -> None:
    assert set(NAMES) == HEADINGS


def test_a_star_import_imports_exactly_the_public_names() -> None:
    script = "from elasticio import *; print(*sorted(name for name in dir() if not name.startswith('__')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == sorted(NAMES)
