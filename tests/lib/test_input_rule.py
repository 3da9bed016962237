"""The input rule with the schemas of all actions: accepted, converted and refused values at every depth."""

import copy
import importlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, validators

from lib.callfire.api.errors import InvalidInput
from lib.callfire.operation.operation import Operation
from lib.callfire.operation.quick_check import quick_check
from tools.build import ROOT

ACTIONS = sorted(path.stem for path in (ROOT / "lib" / "actions").glob("[!_]*.py"))
PASS_UNKNOWN = {"passUnknownProperties": True}
PHONES = ("12132000384", "18005550100", "67076")
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["", " ", "..", "2", "2.0", "on", "1e5", "\ud800", "2024-05-31", "0001-01-01T00:00:00+23:59"]),
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
# The parametrization multiplies the examples; no function-scoped fixture is used.
few = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))


def operation_of(action: str) -> Operation:
    operation: Operation = importlib.import_module(f"lib.actions.{action}").operation
    return operation


def schema_of(operation: Operation) -> dict[str, Any]:
    return operation.input_rule.schema


def valid(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Valid values, which need no conversion."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "string" if "phone" in schema.get("format", ""):
            return st.sampled_from(PHONES)
        case "string":
            return st.text(st.characters(exclude_categories=["Cs"]), max_size=schema.get("maxLength", 8)).map(
                "x".__add__
            )
        case "integer" if schema.get("format") == "unix-ms":
            return st.integers(10**11, 10**14)
        case "integer":
            return st.integers(schema.get("minimum", -(2**63)), schema.get("maximum", 2**63 - 1))
        case "number":
            return st.integers(-(10**6), 10**6)
        case "boolean":
            return st.booleans()
        case "array":
            return st.lists(valid(schema["items"]), min_size=schema.get("minItems", 0), max_size=2)
        case "object":
            return _valid_object(schema)
    return st.sampled_from([1, "x", True, [1], {"a": 1}])


@st.composite
def _valid_object(draw: st.DrawFn, schema: dict[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    required = [*schema.get("required", []), *(schema["anyOf"][0]["required"] if "anyOf" in schema else [])]
    chosen = draw(st.sets(st.sampled_from(sorted(properties)), max_size=4)) if properties else set()
    made = {name: draw(valid(properties[name])) for name in sorted(chosen | set(required))}
    if schema.get("additionalProperties"):
        made |= draw(
            st.dictionaries(st.text(min_size=1, max_size=3), valid(schema["additionalProperties"]), max_size=2)
        )
    return made


@st.composite
def mapped(draw: st.DrawFn, value: Any, schema: dict[str, Any]) -> Any:
    """Return the same value in the notation of a mapper, a spreadsheet or a JavaScript step."""
    match schema.get("type"):
        case "integer":
            same = [value, str(value), f" {value} ", f"{value}.0"]
            return draw(st.sampled_from([*same, float(value)] if abs(value) < 2**53 else same))
        case "boolean":
            texts = ["true", "TRUE", "on"] if value else ["false", "False", "off"]
            return draw(st.sampled_from([value, *texts]))
        case "array" if not (len(value) == 1 and value != [""] and draw(st.booleans())):
            return [draw(mapped(item, schema["items"])) for item in value]
        case "array":
            inner = draw(mapped(value[0], schema["items"]))
            is_ambiguous = isinstance(inner, list) or inner == "" or (isinstance(inner, str) and "," in inner)
            return [inner] if is_ambiguous else inner
        case "object" if isinstance(value, dict):
            properties = schema.get("properties", {})
            made = {name: draw(mapped(inner, properties.get(name, {}))) for name, inner in value.items()}
            absent = [name for name in properties if name not in value]
            return made | dict.fromkeys(draw(st.lists(st.sampled_from(absent), max_size=2))) if absent else made
    return value


def places(value: Any, schema: dict[str, Any]) -> Iterator[tuple[Any, Any, dict[str, Any]]]:
    """Yield each object in a value with its schema and its place: (container, key, schema)."""
    if schema.get("type") == "array" and isinstance(value, list):
        for row, item in enumerate(value):
            yield value, row, schema["items"]
            yield from places(item, schema["items"])
    elif schema.get("type") == "object" and isinstance(value, dict):
        for name, inner in value.items():
            if name in schema.get("properties", {}):
                yield value, name, schema["properties"][name]
                yield from places(inner, schema["properties"][name])


@pytest.mark.parametrize("action", ACTIONS)
@few
@given(data=st.data())
def test_valid_values_are_sent_unchanged(action: str, data: st.DataObject) -> None:
    operation = operation_of(action)
    body = data.draw(valid(schema_of(operation)))
    assert operation.inputs(copy.deepcopy(body), {}) == body


@pytest.mark.parametrize("action", ACTIONS)
@few
@given(data=st.data())
def test_values_are_converted_without_loss(action: str, data: st.DataObject) -> None:
    operation = operation_of(action)
    body = data.draw(valid(schema_of(operation)))
    given_body = data.draw(mapped(body, schema_of(operation)))
    before = copy.deepcopy(given_body)
    assert operation.inputs(given_body, {}) == body
    assert given_body == before


@pytest.mark.parametrize("action", ACTIONS)
@few
@given(data=st.data())
def test_anything_becomes_a_request_or_is_refused(action: str, data: st.DataObject) -> None:
    operation = operation_of(action)
    names = st.sampled_from(sorted(schema_of(operation)["properties"])) if operation.fields else st.text()
    body = data.draw(st.dictionaries(names | st.text(max_size=3), JSON, max_size=4))
    if data.draw(st.booleans()):
        body = data.draw(valid(schema_of(operation))) | body
    for config in ({}, PASS_UNKNOWN):
        try:
            values = operation.inputs(body, config)
            request = operation.request(values)
        except InvalidInput:
            continue
        assert (request.path + request.query).isascii()
        if isinstance(request.body, bytes):
            json.loads(request.body)
        assert operation.inputs(values, config) == values


@pytest.mark.parametrize("action", ACTIONS)
@few
@given(data=st.data())
def test_unknown_names_are_refused_at_every_depth_unless_the_form_passes_them(action: str, data: st.DataObject) -> None:
    operation = operation_of(action)
    schema = schema_of(operation)
    body = data.draw(valid(schema))
    closed = [(body, schema), *((part[key], inner) for part, key, inner in places(body, schema))]
    objects = [target for target, inner in closed if inner.get("additionalProperties") is False]
    data.draw(st.sampled_from(objects))["noSuchName"] = 5
    with pytest.raises(InvalidInput, match=r"(^|\.)noSuchName: unknown property\. "):
        operation.inputs(body, {})
    assert operation.inputs(body, PASS_UNKNOWN) == body


@pytest.mark.parametrize("action", ACTIONS)
@few
@given(data=st.data(), seconds=st.integers(1, 10**11 - 1))
def test_unix_seconds_are_refused_at_every_depth(action: str, data: st.DataObject, seconds: int) -> None:
    operation = operation_of(action)
    schema = schema_of(operation)
    body = data.draw(valid(schema))
    times = [(part, key) for part, key, inner in places(body, schema) if inner.get("format") == "unix-ms"]
    if not times:
        return
    part, key = data.draw(st.sampled_from(times))
    part[key] = data.draw(st.sampled_from([seconds, str(seconds)]))
    with pytest.raises(InvalidInput, match=rf"{key}: looks like seconds"):
        operation.inputs(body, {})


@pytest.mark.parametrize("action", ACTIONS)
@few
@given(data=st.data())
def test_an_empty_text_counts_as_missing_except_for_free_texts(action: str, data: st.DataObject) -> None:
    operation = operation_of(action)
    schema = schema_of(operation)
    body = data.draw(valid(schema))
    outside = {field.name for field in (*operation.path, *operation.query)}
    absent = schema["properties"].keys() - body.keys() - set(schema.get("required", []))
    declared = {name: schema["properties"][name] for name in absent if schema["properties"][name]}
    free = {
        name for name, inner in declared.items() if inner["type"] == "string" and not inner.keys() & {"enum", "format"}
    }
    emptied = {**body, **dict.fromkeys(declared, "")}
    assert operation.inputs(emptied, {}) == {**body, **dict.fromkeys(free - outside, "")}


@pytest.mark.parametrize("action", ACTIONS)
@few
@given(data=st.data())
def test_the_quick_check_accepts_only_what_jsonschema_accepts(action: str, data: st.DataObject) -> None:
    schema = schema_of(operation_of(action))
    whole = Draft7Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    validator = validators.extend(Draft7Validator, type_checker=whole)(schema)  # type: ignore[no-untyped-call]
    body = data.draw(valid(schema))
    is_certainly_valid = quick_check(schema)
    assert is_certainly_valid(body)
    if parts := [(body, name) for name in body] + [(part, key) for part, key, _ in places(body, schema)]:
        part, key = data.draw(st.sampled_from(parts))
        if data.draw(st.booleans()):
            part[key] = data.draw(JSON)
        elif isinstance(part, dict):
            del part[key]
    if is_certainly_valid(body):
        assert validator.is_valid(body)


def test_the_quick_check_leaves_unknown_keywords_to_jsonschema() -> None:
    assert quick_check({"type": "integer"})(4)
    assert not quick_check({"type": "integer", "multipleOf": 2})(4)
