"""The current snapshot of a step: each message receives a new copy."""

import json

from elasticio.runtime.snapshot import Snapshot


def test_a_copy_is_independent() -> None:
    original = {"list": [1, {"deep": [None]}], "tuple": ({"a": 1.5},), "text": "x"}
    snapshot = Snapshot(original)
    copy = json.loads(snapshot.json)
    copy["list"][1]["deep"].append(2)
    copy["tuple"][0]["a"] = 2
    assert original == {"list": [1, {"deep": [None]}], "tuple": ({"a": 1.5},), "text": "x"}
    assert snapshot.value == {"list": [1, {"deep": [None]}], "tuple": [{"a": 1.5}], "text": "x"}
    assert copy == {"list": [1, {"deep": [None, 2]}], "tuple": [{"a": 2}], "text": "x"}


def test_changing_an_emitted_snapshot_has_no_effect() -> None:
    emitted = {"page": 1}
    snapshot = Snapshot({})
    snapshot.replace(emitted)
    emitted["page"] = 2
    assert snapshot.value == {"page": 1}


def test_an_update_is_merged_at_the_top_level() -> None:
    snapshot = Snapshot({"page": 1, "seen": {"a": 1}})
    snapshot.merge({"seen": {"b": 2}})
    assert snapshot.value == {"page": 1, "seen": {"b": 2}}


def test_an_update_replaces_a_snapshot_that_is_not_an_object() -> None:
    snapshot = Snapshot([1])
    snapshot.merge({"page": 2})
    assert snapshot.value == {"page": 2}
