"""Polling items with any odd property: the good item is emitted, and no run ends with an unexpected error."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from tests.lib.recording import Recorder, json_reply
from tests.lib.steps import FakeStep, config_for, run
from tests.lib.triggers.simulation import BEGIN

ODD: tuple[Any, ...] = (None, 5, -1, 2**63, 10**20, "x", "", [], [1], {}, {"a": 1}, True, 1.5, "\ud83d", "9" * 30)
GOOD = {
    "id": 7,
    "created": BEGIN,
    "state": "FINISHED",
    "finalTextResult": "SENT",
    "finalCallResult": "LA",
    "message": "STOP",
    "fromNumber": "12135550111",
    "toNumber": "12135550100",
    "number": "12135550199",
    "text": True,
    "records": [{"finishTime": BEGIN, "recordings": [{"id": 9, "state": "ERROR", "created": BEGIN}]}],
}


def odd_items() -> Iterator[dict[str, Any]]:
    """Yield the good item with one odd property, finished and unfinished."""
    for state, name, value in itertools.product(("FINISHED", "READY"), (*GOOD, "modified", "campaignId"), ODD):
        yield {**GOOD, "state": state, name: value}
    for state, value in itertools.product(("FINISHED", "READY"), ODD):
        recording = {"id": 11, "state": "ERROR", "created": BEGIN}
        odd_recordings = [{**recording, name: value} for name in ("id", "state", "created", "name")]
        odd_records: tuple[Any, ...] = (value, {"finishTime": value, "recordings": [value]}, {"result": value})
        for record in (*odd_records, {"recordings": odd_recordings, "finishTime": BEGIN}):
            yield {**GOOD, "state": state, "records": [record]}


ITEMS = [
    {**item, "id": number if item["id"] == GOOD["id"] else item["id"]} for number, item in enumerate(odd_items(), 1000)
]


@pytest.mark.parametrize("is_sample", [False, True])
@pytest.mark.parametrize(
    ("trigger", "config", "expected"),
    [
        ("new_text_results", {"readRefused": True}, ("id", 7)),
        ("new_opt_outs", {"sources": "text"}, ("textId", 7)),
        ("new_opt_outs", {"sources": "dncList"}, ("number", "12135550199")),
        ("new_call_recordings", {}, ("id", 9)),
    ],
    ids=["results", "opt-out texts", "DNC list", "recordings"],
)
def test_the_good_item_is_emitted(
    server: Recorder, trigger: str, config: dict[str, Any], expected: tuple[str, Any], is_sample: bool
) -> None:
    listed = [GOOD, *ITEMS]
    server.default = json_reply({"items": listed, "totalCount": len(listed)})
    form = config_for(server.url, startTime=BEGIN, pageSize=10_000, **config)
    payloads = run(f"triggers.{trigger}", {}, form, step=FakeStep(is_debug=is_sample))
    name, value = expected
    assert value in [payload["body"][name] for payload in payloads]
