"""Schemas of inputs and outputs for which CallFire's samples differ from its description."""

import importlib
from typing import Any

from jsonschema import Draft7Validator

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


def test_ids_may_be_text_in_responses() -> None:
    text = properties("get_text", "out")
    assert text["id"]["type"] == text["contact"]["properties"]["id"]["type"] == ["integer", "string"]
    assert text["created"]["type"] == "integer"
    assert properties("get_text", "in")["id"]["type"] == "integer"
