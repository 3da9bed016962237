"""docs/triggers.md documents the fields of the forms and the limits of the code."""

from typing import Any

import pytest

from lib.callfire.webhooks.webhook_form import DEFAULT_INTERVAL, DEFAULT_LOOKBACK
from lib.callfire.webhooks.webhook_snapshot import RECENT, RECENT_WHEN_RECONCILING
from lib.triggers import inbound_events, new_inbound_calls, new_inbound_texts
from tools.build import ROOT

TEXT = " ".join((ROOT / "docs/triggers.md").read_text().split())


@pytest.mark.parametrize("trigger", [inbound_events, new_inbound_calls, new_inbound_texts])
def test_each_field_of_the_form_is_explained(trigger: Any) -> None:
    assert not [name for name in trigger.form_fields if f"`{name}`" not in TEXT]


def test_the_limits_are_those_of_the_code() -> None:
    texts, calls = new_inbound_texts.trigger.lookback, new_inbound_calls.trigger.lookback
    assert f"{texts} for texts, {calls} for calls" in TEXT
    assert f"the last {RECENT} events ({RECENT_WHEN_RECONCILING} with `reconcile`)" in TEXT
    assert f"(seconds, {DEFAULT_INTERVAL})" in TEXT
    assert f"(seconds, {DEFAULT_LOOKBACK})" in TEXT
