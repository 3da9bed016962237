"""The API descriptions: complete, consistent, in Swagger 2.0 and OpenAPI 3.0."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from callfire_sandbox.api import openapi, swagger
from callfire_sandbox.operations import OPERATIONS
from jsonschema import Draft4Validator

from tests.sandbox.conftest import Client

URL = "http://127.0.0.1:80/v2"
SWAGGER, OPENAPI = swagger.describe(URL), openapi.describe(URL)


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for operation in methods.values():
            yield path, operation


def dicts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a value."""
    if isinstance(value, dict):
        yield value
    for inside in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from dicts(inside)


def test_every_parameter_is_described() -> None:
    parameters = [
        (operation["operationId"], parameter)
        for _, operation in operations(SWAGGER)
        for parameter in operation["parameters"]
    ]
    assert len(parameters) >= 372
    lacking = [(name, entry["name"]) for name, entry in parameters if not entry.get("description", "").endswith(".")]
    assert lacking == []
    for _, operation in operations(OPENAPI):
        assert all(entry["description"] and entry["schema"] for entry in operation["parameters"])


def test_every_field_and_object_is_described() -> None:
    fields = [
        (name, field, schema)
        for name, definition in SWAGGER["definitions"].items()
        for field, schema in definition["properties"].items()
    ]
    assert len(fields) > 600
    lacking = [(name, field) for name, field, schema in fields if not schema.get("description", "").endswith(".")]
    assert lacking == []
    assert all(entry["description"].endswith(".") for entry in SWAGGER["definitions"].values())
    for schema in OPENAPI["components"]["schemas"].values():
        assert all(field["description"] for field in schema["properties"].values())


def test_the_two_describe_the_same_operations() -> None:
    for description in (SWAGGER, OPENAPI):
        found = {operation["operationId"]: path for path, operation in operations(description)}
        assert found == {name: operation.path for name, operation in OPERATIONS.items()}


@pytest.mark.parametrize(("description", "prefix"), [(SWAGGER, "#/definitions/"), (OPENAPI, "#/components/schemas/")])
def test_every_reference_has_a_target(description: dict[str, Any], prefix: str) -> None:
    targets = description["definitions"] if description is SWAGGER else description["components"]["schemas"]
    named = {entry["$ref"] for entry in dicts(description) if "$ref" in entry}
    assert named
    assert {target.removeprefix(prefix) for target in named} <= targets.keys()


def test_openapi_has_no_word_of_swagger() -> None:
    text = json.dumps(OPENAPI)
    for word in ('"swagger"', '"definitions"', "#/definitions", '"collectionFormat"', '"formData"', '"consumes"'):
        assert word not in text
    assert '"type": "file"' not in text
    for entry in dicts(OPENAPI):
        assert "$ref" not in entry or entry.keys() == {"$ref"}


def test_openapi_has_the_parts_that_readers_need() -> None:
    assert OPENAPI["openapi"] == "3.0.3"
    assert OPENAPI["servers"] == [{"url": URL}]
    schemes = OPENAPI["components"]["securitySchemes"]
    assert all(name in schemes for entry in OPENAPI["security"] for name in entry)
    for path, operation in operations(OPENAPI):
        in_path = [entry["name"] for entry in operation["parameters"] if entry["in"] == "path"]
        assert in_path == re.findall(r"{(\w+)}", path)
        assert all(entry["required"] for entry in operation["parameters"] if entry["in"] == "path")
        assert {"default"} < operation["responses"].keys()
        declared = OPERATIONS[operation["operationId"]]
        assert ("requestBody" in operation) == bool(declared.body or declared.form)
        success = operation["responses"][str(declared.status)]
        assert list(success.get("content", {})) == (list(declared.produces) if declared.returns else [])


def test_openapi_forms_have_a_file_and_fields() -> None:
    (form,) = (entry for _, entry in operations(OPENAPI) if entry["operationId"] == "createContactListFromFile")
    schema = form["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert schema["required"] == ["file"]
    assert schema["properties"]["file"]["format"] == "binary"
    assert schema["properties"]["useCustomFields"]["type"] == "boolean"


def test_schemas_are_valid() -> None:
    for schema in (*SWAGGER["definitions"].values(), *OPENAPI["components"]["schemas"].values()):
        Draft4Validator.check_schema(schema)


@pytest.mark.parametrize(("name", "key", "version"), [("swagger", "swagger", "2.0"), ("openapi", "openapi", "3.0.3")])
def test_both_are_served(client: Client, name: str, key: str, version: str) -> None:
    answer = requests.get(f"{client.callfire.url}/api-docs/{name}.json", timeout=10)
    described = answer.json()
    assert answer.headers["Content-Type"] == "application/json"
    assert described[key] == version
    place = (
        described["servers"][0]["url"] if name == "openapi" else f"http://{described['host']}{described['basePath']}"
    )
    assert place == client.callfire.url
