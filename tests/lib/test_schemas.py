"""Schemas of inputs and outputs for which CallFire's samples differ from its description."""

import importlib
import json
from typing import Any

from jsonschema import Draft7Validator

from lib.callfire.models import all_models
from lib.callfire.operation.operation import Operation


def schemas(action: str) -> dict[str, Any]:
    operation: Operation = importlib.import_module(f"lib.actions.{action}").operation
    return operation.get_meta_model({})


def properties(action: str, side: str) -> dict[str, Any]:
    found: dict[str, Any] = schemas(action)[side]["properties"]
    return found


def test_contact_properties_may_be_numbers_in_responses() -> None:
    validator = Draft7Validator(properties("get_contact", "out")["properties"]["additionalProperties"])
    values: list[Any] = ["a", 41, 1.5, [], None]
    assert [value for value in values if validator.is_valid(value)] == ["a", 41, 1.5]
    contact = properties("create_contacts", "in")["contacts"]["items"]["properties"]
    assert contact["properties"]["additionalProperties"] == {"type": "string"}


def test_all_properties_of_the_official_description_are_offered() -> None:
    assert properties("update_contact", "in")["deleted"]["type"] == "boolean"
    assert "RELEASED" in properties("update_keyword_lease", "in")["status"]["enum"]
    assert "deleted" not in properties("create_contacts", "in")["contacts"]["items"]["properties"]
    assert "ARCHIVING" in properties("get_account", "out")["status"]["enum"]


def test_whole_numbers_are_numbers_in_the_designer() -> None:
    text = properties("get_text", "out")
    assert text["id"]["type"] == text["contact"]["properties"]["id"]["type"] == "number"
    assert text["created"]["type"] == "number"
    assert properties("get_text", "in")["id"]["type"] == "number"


def test_times_are_texts_in_inputs() -> None:
    begin = properties("find_texts", "in")["intervalBegin"]
    assert begin["type"] == "string"
    assert begin["examples"] == ["2024-05-31T09:00:00Z"]


def test_lists_of_plain_values_are_texts_with_commas_in_inputs() -> None:
    labels = properties("create_text_broadcast", "in")["labels"]
    assert labels["type"] == "string"
    assert "items" not in labels
    assert labels["description"].endswith("Separate several values with commas, or map a list.")
    assert properties("find_contacts", "in")["id"]["type"] == "string"
    assert properties("get_text", "out")["labels"]["type"] == "array"


def test_help_example_and_default_are_shown() -> None:
    inputs = properties("add_do_not_contacts", "in")
    assert inputs["call"]["help"] == {"description": inputs["call"]["description"]}
    assert inputs["call"]["default"] is True
    assert inputs["inboundCall"]["default"] is False
    assert inputs["numbers"]["examples"] == ["12132000384, 12132000385"]
    assert "default" not in properties("create_contacts", "out")["items"]["items"]["properties"]["id"]


def test_required_inputs_are_first_and_rare_ones_last() -> None:
    names = list(properties("find_texts", "in"))
    assert set(names[-3:]) == {"limit", "offset", "fields"}
    found = properties("update_contact_list", "in")
    assert sorted(found, key=lambda name: -found[name]["order"]) == list(found)
    assert list(properties("remove_contact_list_item", "in")) == ["id", "contactId"]


def test_free_objects_have_no_placeholder() -> None:
    contact = properties("create_contacts", "in")["contacts"]["items"]["properties"]
    assert contact["properties"]["properties"] == {}
    assert properties("make_raw_request", "in")["data"]["properties"] == {}


def test_each_default_is_told_in_words() -> None:
    for model in all_models().values():
        for field in model.fields:
            assert field.default is None or f"Default: {json.dumps(field.default).strip(chr(34))}" in field.about
