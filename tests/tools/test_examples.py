"""The example messages: every action has one, and each is executed."""

import json
from typing import Any

import jsonschema
import pytest

from tools import functions
from tools.examples import ENTRIES, examples

ACTIONS = {action.id: action for action in functions.actions()}


def test_every_action_has_an_example() -> None:
    assert examples().keys() == ACTIONS.keys()


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_an_example_emits_what_the_schema_describes(name: str) -> None:
    emitted = examples()[name].emitted
    assert emitted
    schema = ACTIONS[name].operation.output_schema()
    for body in emitted:
        jsonschema.validate(body, schema)
        # CallFire's responses also contain names that its description lacks
        assert body.keys() & schema["properties"].keys()


def test_results_of_earlier_entries_are_used() -> None:
    found = examples()
    contact = found["createContacts"].emitted[0]["items"][0]["id"]
    assert found["getContact"].message == {"id": contact}
    assert found["getContact"].emitted[0]["id"] == contact


def test_examples_contain_no_address_of_this_machine() -> None:
    text = repr([(example.message, example.emitted) for example in examples().values()])
    assert "127.0.0.1" not in text
    assert "localhost" not in text


def test_the_entries_have_no_unused_names() -> None:
    entries: list[dict[str, Any]] = json.loads(ENTRIES.read_text())
    allowed = {"function", "message", "form", "login", "sandbox", "body", "as"}
    assert all(entry.keys() <= allowed for entry in entries)
    text = json.dumps(entries)
    assert all(f"{{{entry['as']}." in text for entry in entries if "as" in entry)
