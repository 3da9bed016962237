"""docs/sends.md names what there is."""

import re

from lib.callfire.sending import keys, options, undecided
from lib.callfire.sending.channel import CALLS, TEXTS
from lib.callfire.sending.delivery import MOST_REFUSALS
from lib.callfire.sending.operation import ROW
from tools.build import ROOT

PAGE = (ROOT / "docs" / "sends.md").read_text()


def named(heading: str) -> set[str]:
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_the_form() -> None:
    fields = options.form_fields(TEXTS) | options.form_fields(CALLS) | options.order_fields()
    assert named("The form") == fields.keys()


def test_the_rows() -> None:
    assert named("The output") == {field.name for field in ROW}


def test_the_figures() -> None:
    assert f"`{keys.ATTRIBUTE}`" in PAGE
    assert f"| {options.SETTLE:g} |" in PAGE
    assert f"| {options.WAITING:g} |" in PAGE
    assert f"at most\n{MOST_REFUSALS} refusals" in PAGE
    assert undecided.MOST_REBOUNDS == 6
    assert "After six times" in PAGE
