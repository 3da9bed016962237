"""docs/inputs.md: each row of its tables is correct."""

import importlib
import json
import re
from typing import Any

import pytest

from lib.callfire.api.errors import InvalidInput
from tests.lib.test_requests import EXPECTED, MODULES, minimal
from tools.build import ROOT

PAGE = (ROOT / "docs" / "inputs.md").read_text()
ROWS = re.findall(r"^\| `(\w+)\.([\w.]+)`[^|]*\| `([^`]+)` \| (.+) \|$", PAGE, re.MULTILINE)
LISTS = {"recipients": {"phoneNumber": "12132000384"}, "contacts": {}, "schedules": {}}
MISSING = object()


def body_with(operation: str, path: list[str], value: Any) -> dict[str, Any]:
    first, *rest = path
    body = minimal(operation, EXPECTED[operation]) | {first: value}
    if rest:
        body[first] = [{**LISTS[first], rest[0]: value}]
    return body


def sent(operation: str, path: list[str], value: Any) -> Any:
    declared = importlib.import_module(f"lib.actions.{MODULES[operation]}").operation
    values = declared.inputs(body_with(operation, path, value), {})
    declared.request(values)
    found = values.get(path[0], MISSING)
    return found[0].get(path[1], MISSING) if len(path) > 1 else found


def test_the_page_has_rows_for_each_kind() -> None:
    assert len(ROWS) == len(re.findall(r"^\| `", PAGE, re.MULTILINE)) > 50


@pytest.mark.parametrize(("operation", "path", "value", "result"), ROWS)
def test_each_row_is_true(operation: str, path: str, value: str, result: str) -> None:
    places = path.split(".")
    if result.startswith("refused: "):
        with pytest.raises(InvalidInput) as caught:
            sent(operation, places, json.loads(value))
        assert result.removeprefix("refused: ") in str(caught.value)
        assert str(caught.value).startswith(places[0])
    else:
        expected = MISSING if result == "not given" else json.loads(result.strip("`"))
        found = sent(operation, places, json.loads(value))
        assert (found, type(found)) == (expected, type(expected))
