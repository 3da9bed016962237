"""docs/sends.md documents all fields, results and limits."""

import re

from lib.callfire.sending import idempotency_key, send_form, send_options
from lib.callfire.sending.outbound_delivery import MOST_REBOUNDS, MOST_REFUSALS
from lib.callfire.sending.send_channel import CALLS, TEXTS
from lib.callfire.sending.send_operation import RESULT
from lib.callfire.sending.tracking import LONGEST_TRACKING
from tools.build import ROOT

PAGE = (ROOT / "docs" / "sends.md").read_text()


def named(heading: str) -> set[str]:
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_the_form() -> None:
    fields = send_form.send_fields(TEXTS) | send_form.send_fields(CALLS) | send_form.order_fields()
    assert named("The form") == fields.keys()


def test_the_rows() -> None:
    assert named("The output") == {field.name for field in RESULT}


def test_the_limits() -> None:
    assert f"`{idempotency_key.ATTRIBUTE}`" in PAGE
    assert f"| {send_options.DEFAULT_SETTLE_TIME:g} |" in PAGE
    assert f"| {send_options.DEFAULT_WAIT_LIMIT:g} |" in PAGE
    assert f"at most {MOST_REFUSALS} rejections" in PAGE
    assert MOST_REBOUNDS == 6
    assert "After six rebounds" in PAGE
    assert f"up to {LONGEST_TRACKING:g} |" in PAGE
