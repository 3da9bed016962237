"""docs/flows.md documents the schema and the command line, and its examples work."""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticio_runner import cli
from elasticio_runner.flow_file import reader
from elasticio_runner.flow_file.schema import SCHEMA
from elasticio_runner.mapping.edge import Edge, compiled

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "flows.md").read_text()


def fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, entry in schema.get("properties", {}).items():
        yield name, entry
        yield from fields(entry)


def test_every_field_of_the_schema_is_documented_with_its_default() -> None:
    parts = [SCHEMA, *SCHEMA["$defs"].values()]
    for name, entry in (found for part in parts for found in fields(part) if found[0] != "$schema"):
        assert f"`{name}`" in DOCS
        if isinstance(entry.get("default"), int) and not isinstance(entry["default"], bool):
            assert re.search(rf"\b{entry['default']}\b", DOCS)


@pytest.mark.parametrize("add", [cli._run_arguments, cli._check_arguments, cli._exec_arguments])
def test_every_option_of_a_command_is_documented(add: Any) -> None:
    parser = argparse.ArgumentParser()
    add(parser)
    for action in parser._actions:
        for option in action.option_strings:
            assert f"`{option}" in DOCS or option in {"-h", "--help"}


def test_the_example_is_a_valid_flow() -> None:
    environ = {"CALLFIRE_USERNAME": "u", "CALLFIRE_PASSWORD": "p"}
    flow = reader.read(ROOT / "examples" / "auto-reply.flow.json", environ)
    assert flow.trigger.config["server"] == "https://api.callfire.com/v2"
    stop, hello = ({"body": {"message": text, "fromNumber": "1", "toNumber": "2"}} for text in (" Stop\n", "hello"))
    [edge] = flow.edges_from("inbound")
    assert edge.carry(stop, flow.variables) is None
    carried = edge.carry(hello, flow.variables)
    assert carried is not None
    [recipient] = carried["body"]["recipients"]
    assert (recipient["phoneNumber"], recipient["fromNumber"]) == ("1", "2")
    assert "our shop" in recipient["message"]
    assert '"hello"' in recipient["message"]


def test_the_mapping_in_the_docs_works() -> None:
    source = json.loads(DOCS.split("```json\n")[1].split("```")[0])
    edge = Edge("a", "b", compiled(source, ()))
    message = {"body": {"fromNumber": "1"}, "passthrough": {"inbound": {"body": {"id": 7}}}}
    carried = edge.carry(message, {"company": "us"})
    assert carried is not None
    assert carried["body"] == {
        "recipients": [{"phoneNumber": "1", "message": "Hello from us"}],
        "first": 7,
        "count": 3,
        "literal": "a text",
    }
