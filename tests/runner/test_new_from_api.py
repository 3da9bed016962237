"""`elasticio new --from`: names, inputs, schemas, servers and logins of a description, and its mistakes."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from elasticio.cli import main
from elasticio_runner.new import description
from elasticio_runner.new.description import DescriptionError
from elasticio_runner.new.mapper_schema import DEEPEST, LARGEST
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runner.new_components import component, created, problems, schema

OK = {"responses": {"200": {"description": "OK"}}}


def api(
    operation: dict[str, Any] | None = None, path: str = "/things", method: str = "get", **root: Any
) -> dict[str, Any]:
    """Return a description with one operation `call`."""
    entry = {"operationId": "call", **OK, **(operation or {})}
    return {"openapi": "3.0.3", "info": {"title": "Things"}, "paths": {path: {method: entry}}, **root}


def body(content: Any, kind: str = "application/json", *, required: bool = True) -> dict[str, Any]:
    return {"requestBody": {"required": required, "content": {kind: {"schema": content}}}}


def inputs(folder: Path, root: dict[str, Any]) -> dict[str, Any]:
    """Create a component, check it, and return the properties of the input of `call`."""
    created(folder, root)
    assert problems(folder) == []
    found: dict[str, Any] = schema(folder, "call", "in")["properties"]
    return found


def module(folder: Path, name: str = "call") -> str:
    return (folder / f"lib/actions/{name}.py").read_text()


def test_a_module_has_a_docstring_and_one_declaration(tmp_path: Path) -> None:
    parameter = {"name": "id", "in": "path", "schema": {"type": "integer"}}
    texts = {"summary": "find a thing", "description": "Finds a **thing** by `id`.", "parameters": [parameter]}
    inputs(tmp_path, api(texts, "/things/{id}"))
    assert module(tmp_path) == (
        '"""Find a Thing\n\nFinds a thing by id.\n"""\n\n'
        "from lib.api import Input, Operation\nfrom lib.server import API\n\n"
        'operation = Operation(API, "GET", "/things/{id}", inputs='
        '(Input("id", "path", required=True, kind="number"),))\n'
        "process = operation.process\n"
    )
    entry = component(tmp_path)["actions"]["call"]
    assert entry["title"] == "Find a Thing"
    assert entry["help"] == {
        "description": "Finds a thing by id.",
        "link": "/components/example/index.html#find-a-thing",
    }


def test_inputs_of_all_places_are_flat_and_a_collision_is_explained(tmp_path: Path) -> None:
    parameters = [
        {"name": "id", "in": place, "schema": {"type": "string"}} for place in ("path", "query", "header", "cookie")
    ]
    operation = {
        "parameters": parameters,
        **body({"type": "object", "properties": {"ID": {"type": "string"}, "a": {}}}),
    }
    found = inputs(tmp_path, api(operation, "/things/{id}", "post"))
    assert list(found) == ["id", "idInQuery", "idInHeader", "idInCookie", "IDInBody", "a"]
    assert found["idInQuery"]["help"] == {"description": "Sent as id in the query."}
    assert 'Input("IDInBody", "body", sent_as="ID")' in module(tmp_path)


def test_read_only_properties_are_no_inputs_and_write_only_ones_no_outputs(tmp_path: Path) -> None:
    thing = {
        "type": "object",
        "required": ["name", "id"],
        "properties": {
            "id": {"type": "integer", "readOnly": True},
            "name": {"type": "string", "description": "Its name"},
            "key": {"type": "string", "writeOnly": True},
        },
    }
    response = {"responses": {"201": {"content": {"application/json": {"schema": thing}}}}}
    assert inputs(tmp_path, api({**body(thing), **response}, method="post")) == {
        "name": {
            "type": "string",
            "title": "Name",
            "help": {"description": "Its name."},
            "required": True,
            "order": 20,
        },
        "key": {"type": "string", "title": "Key", "order": 10},
    }
    assert list(schema(tmp_path, "call", "out")["properties"]) == ["id", "name"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"type": "integer", "example": 5, "default": 7}, {"type": "number", "examples": [5], "default": 7}),
        ({"type": ["null", "string"], "examples": ["a", 5]}, {"type": "string", "examples": ["a"]}),
        ({"type": "string", "enum": ["a", "b", "a", None]}, {"type": "string", "enum": ["a", "b"]}),
        ({"type": "string", "enum": ["a"], "default": "b"}, {"type": "string", "enum": ["a"]}),
        ({"const": "a"}, {"type": "string", "enum": ["a"]}),
        ({"enum": [1, "a"]}, {"type": "object", "properties": {}}),
        (True, {"type": "object", "properties": {}}),
        ({"type": "object", "additionalProperties": {"type": "string"}}, {"type": "object", "properties": {}}),
        (
            {"type": "array", "description": "Tags.", "items": {"type": "string"}},
            {"type": "string", "help": {"description": "Tags. Separate several values with commas, or map a list."}},
        ),
        (
            {"type": "array", "items": {"type": "array", "items": {"type": "object"}}},
            {"type": "array", "items": {"type": "object", "properties": {}}},
        ),
        (
            {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
            {"type": "array", "items": {"type": "object", "properties": {}}},
        ),
        ({"type": "array"}, {"type": "array", "items": {"type": "object", "properties": {}}}),
        (
            {"allOf": [{"type": "string"}, {"description": "A text."}]},
            {"type": "string", "help": {"description": "A text."}},
        ),
        ({"oneOf": [{"type": "null"}, {"type": "boolean"}]}, {"type": "boolean"}),
        (
            {"$ref": "#/components/schemas/Text", "description": "Own."},
            {"type": "string", "help": {"description": "Own."}},
        ),
    ],
)
def test_a_schema_is_written_in_the_dialect_of_the_mapper(given: Any, expected: dict[str, Any], tmp_path: Path) -> None:
    schemas = {"Text": {"type": "string", "description": "A text."}}
    operation = body({"type": "object", "properties": {"value": given}})
    found = inputs(tmp_path, api(operation, method="post", components={"schemas": schemas}))["value"]
    assert {key: item for key, item in found.items() if key not in ("title", "order")} == expected


def test_all_parts_and_alternatives_are_merged(tmp_path: Path) -> None:
    part = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}
    cat = {"type": "object", "required": ["kind", "claws"], "properties": {"kind": {}, "claws": {"type": "integer"}}}
    dog = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    both = {"allOf": [{"$ref": "#/components/schemas/Part"}, {"required": ["b"]}], "oneOf": [cat, dog]}
    found = inputs(tmp_path, api(body(both), method="post", components={"schemas": {"Part": part}}))
    assert {name for name, node in found.items() if node.get("required")} == {"a", "b", "kind"}
    assert found.keys() == {"a", "b", "kind", "claws"}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"type": "string", "enum": ["cat"]}, {"const": "dog"}, {"type": "string", "enum": ["cat", "dog"]}),
        ({"type": "string", "enum": ["cat"]}, {"type": "string"}, {"type": "string"}),
        ({"type": "integer"}, {"type": "number"}, {"type": "number"}),
        ({"type": "integer"}, {"type": "string"}, {"type": "string"}),
        ({"type": "array", "items": {"type": "string"}}, {"type": "string"}, {"type": "string"}),
        ({}, {"type": "boolean"}, {"type": "boolean"}),
        ({"type": "string"}, {"type": "object", "properties": {"x": {"type": "string"}}}, {"type": "object"}),
    ],
)
def test_a_property_accepts_the_values_of_all_alternatives(
    first: Any, second: Any, expected: dict[str, Any], tmp_path: Path
) -> None:
    options = [{"type": "object", "properties": {"kind": each}} for each in (first, second)]
    both = {"type": "object", "properties": {"direct": {"oneOf": [first, second]}}, "oneOf": options}
    found = inputs(tmp_path, api(body(both), method="post"))
    for name in ("direct", "kind"):
        told = {key: item for key, item in found[name].items() if key in ("type", "enum")}
        assert told == expected
        declared = re.search(rf'Input\("{name}", "body"(?:, kind="(\w+)")?', module(tmp_path))
        assert declared
        assert declared[1] == {"string": None, "object": "json"}.get(expected["type"], expected["type"])


def test_a_type_of_several_types_accepts_all_of_them(tmp_path: Path) -> None:
    properties = {"id": {"type": ["integer", "string", "null"]}, "level": {"enum": [1, 2, None]}}
    found = inputs(tmp_path, api(body({"type": "object", "properties": properties}), method="post"))
    assert found["id"]["type"] == "string"
    assert (found["level"]["type"], found["level"]["enum"]) == ("number", [1, 2])


def test_parts_describe_one_property_together(tmp_path: Path) -> None:
    base = {"type": "object", "properties": {"kind": {"type": "string", "enum": ["a", "b"]}}}
    parts = {"allOf": [base, {"properties": {"kind": {"description": "Own text."}}}]}
    kind = inputs(tmp_path, api(body(parts), method="post"))["kind"]
    assert (kind["type"], kind["enum"], kind["help"]) == ("string", ["a", "b"], {"description": "Own text."})


def test_a_list_of_files_names_attachments(tmp_path: Path) -> None:
    file = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"one": file, "many": {"type": "array", "items": file}}}
    found = inputs(tmp_path, api(body(form, "multipart/form-data"), method="post"))
    assert "the name of an attachment" in found["many"]["help"]["description"]
    assert 'Input("one", "body", kind="file")' in module(tmp_path)
    assert 'Input("many", "body", kind="files")' in module(tmp_path)


def test_a_schema_that_contains_itself_ends(tmp_path: Path) -> None:
    node = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/N"}}},
    }
    schemas = {"N": node, "A": {"allOf": [{"$ref": "#/components/schemas/A"}], "properties": {"x": {"type": "string"}}}}
    both = {
        "type": "object",
        "properties": {"n": {"$ref": "#/components/schemas/N"}, "a": {"$ref": "#/components/schemas/A"}},
    }
    found = inputs(tmp_path, api(body(both), method="post", components={"schemas": schemas}))
    assert found["n"]["properties"]["children"]["items"]["properties"] == {}
    assert found["a"]["properties"].keys() == {"x"}


def test_a_deep_or_large_schema_loses_its_deepest_levels(tmp_path: Path) -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(DEEPEST + 3):
        deep = {"type": "object", "properties": {"in": deep}}
    wide = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(100)}}
    large = {"type": "object", "properties": {f"q{n}": wide for n in range(LARGEST // 100 + 1)}}
    found = inputs(tmp_path, api(body({"type": "object", "properties": {"deep": deep, "large": large}}), method="post"))
    assert json.dumps(found["deep"]).count('"in"') <= DEEPEST
    assert len(found["large"]["properties"]) == LARGEST // 100 + 1
    assert found["large"]["properties"]["q0"]["properties"] == {}


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ({"204": {"description": "Nothing"}}, {}),
        (
            {"200": {"content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}}}},
            {"results"},
        ),
        ({"2XX": {"content": {"application/json": {"schema": {"type": "boolean"}}}}}, {"result"}),
        ({"default": {"content": {"text/csv": {}}}}, {"result"}),
        ({"200": {"content": {"application/pdf": {}}}}, {"attachment"}),
        ({"200": {"content": {"application/hal+json": {"schema": {"properties": {"a": {}}}}}}, "400": {}}, {"a"}),
        ({"200": {"content": {"*/*": {"schema": {"properties": {"a": {}}}}}}}, {"a"}),
        ({"200": {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}, {"attachment"}),
        ({"200": {"content": {"*/*": {}}}}, {"attachment"}),
        ({}, {}),
    ],
)
def test_the_output_is_the_message_of_the_response(responses: Any, expected: set[str], tmp_path: Path) -> None:
    inputs(tmp_path, api({"responses": responses}))
    assert set(schema(tmp_path, "call", "out")["properties"]) == set(expected)


@pytest.mark.parametrize(
    ("operation", "declared"),
    [
        (body({"type": "array", "items": {"type": "object"}}), 'Input("body", "body", required=True, kind="json")'),
        (body({"type": "string"}, "text/plain"), 'content_type="text/plain",\n    whole_body="body"'),
        (body({"type": "string", "format": "binary"}, "application/pdf"), 'required=True, kind="file")'),
        (
            body({"properties": {"f": {"type": "string", "format": "binary"}}}, "multipart/form-data"),
            'Input("f", "body", kind="file")',
        ),
        (
            body({"properties": {"a": {"type": "array", "items": {"type": "integer"}}}}),
            'Input("a", "body", kind="list")',
        ),
        (
            body({"properties": {"a": {"properties": {"b.c": {"type": "array", "items": {"type": "string"}}}}}}),
            'Input("a", "body", kind="json", lists=(("b.c",),))',
        ),
    ],
)
def test_a_body_has_the_declaration_of_its_content_type(operation: Any, declared: str, tmp_path: Path) -> None:
    inputs(tmp_path, api(operation, method="post"))
    assert declared in module(tmp_path)


@pytest.mark.parametrize(
    ("given", "style"),
    [
        ({"schema": {"type": "array", "items": {"type": "string"}}}, ', kind="list", style="repeat"'),
        ({"schema": {"type": "array", "items": {"type": "string"}}, "explode": False}, ', kind="list"'),
        (
            {"schema": {"type": "array", "items": {"type": "string"}}, "style": "pipeDelimited"},
            ', kind="list", style="pipe"',
        ),
        ({"schema": {"type": "object"}, "style": "deepObject"}, ', kind="json", style="deep"'),
        ({"content": {"application/json": {"schema": {"type": "object"}}}}, ', kind="json", style="json"'),
        ({"schema": {"type": "string"}}, ""),
    ],
)
def test_a_parameter_has_its_style(given: Any, style: str, tmp_path: Path) -> None:
    inputs(tmp_path, api({"parameters": [{"name": "q", "in": "query", **given}]}))
    assert f'Input("q", "query"{style})' in module(tmp_path)


def test_names_of_functions_are_made_and_unique(tmp_path: Path) -> None:
    paths = {
        "/a": {"get": OK, "post": {**OK, "operationId": "import"}},
        "/a/": {"get": OK, "parameters": []},
        "/b": {
            "get": {**OK, "operationId": "do-it", "summary": "Do"},
            "put": {**OK, "operationId": "do it", "summary": "Do"},
        },
        "/c": {"get": {**OK, "operationId": "…", "deprecated": True}},
        "/{d}/e f?x=1#y": {"get": OK},
        "x-internal": {"get": OK},
    }
    folder = created(tmp_path, {**api(), "paths": paths})
    assert problems(folder) == []
    actions = component(folder)["actions"]
    assert list(actions) == ["getA", "import", "getA2", "doIt", "doIt2", "getDEFX1Y", "getC"]
    assert [one["title"] for one in actions.values()][3:5] == ["Do", "Do2"]
    assert [name for name, one in actions.items() if one.get("deprecated")] == ["getC"]
    assert actions["import"]["main"] == "./lib/actions/import_action.py"
    assert '"/{d}/e%20f?x=1"' in module(folder, "get_defx_1_y")


def test_the_parameters_of_a_path_apply_to_its_operations(tmp_path: Path) -> None:
    shared = {"name": "q", "in": "query", "schema": {"type": "string"}}
    own = {"$ref": "#/components/parameters/Q"}
    root = api({"parameters": [own, {"name": "Accept", "in": "header", "schema": {}}]}, "/{x}")
    root["components"] = {"parameters": {"Q": {**shared, "schema": {"type": "integer"}}}}
    root["paths"]["/{x}"]["parameters"] = [shared]
    found = inputs(tmp_path, root)
    assert {name: node["type"] for name, node in found.items()} == {"q": "number", "x": "string"}
    assert found["x"]["required"] is True


def test_the_server_and_its_variables_are_fields(tmp_path: Path) -> None:
    variables = {"region": {"default": "eu", "enum": ["eu", "us"]}, "port": {"enum": ["443", "8443"], "default": "443"}}
    server = {"url": "https://{region}.example.com:{port}/{ver sion}/v1/", "variables": variables}
    folder = created(tmp_path, api(servers=[{"url": "/relative"}, server, {"url": "https://other.example.com"}]))
    assert problems(folder) == []
    fields = component(folder)["credentials"]["fields"]
    assert list(fields) == ["server", "region", "port", "version"]
    assert fields["region"]["model"] == {"eu": "eu", "us": "us"}
    assert fields["port"]["viewClass"] == "TextFieldView"
    assert fields["version"]["required"] is True
    assert "https://other.example.com" in fields["server"]["note"]
    text = (folder / "lib/server.py").read_text()
    assert 'server="https://{region}.example.com:{port}/{version}/v1"' in text
    assert 'variables={"region": "eu", "port": "443", "version": ""}' in text


@pytest.mark.parametrize("servers", [[], [{"url": "/api/v3"}], [{"url": "{host}"}]])
def test_a_server_without_an_address_is_required(servers: Any, tmp_path: Path) -> None:
    folder = created(tmp_path, api(servers=servers))
    assert problems(folder) == []
    assert component(folder)["credentials"]["fields"]["server"]["required"] is True


@pytest.mark.parametrize(
    ("scheme", "fields", "declared"),
    [
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, ["apiKey"], 'ApiKey("apiKey", "header", "X-Key")'),
        ({"type": "http", "scheme": "Basic"}, ["username", "password"], "BasicLogin()"),
        ({"type": "http", "scheme": "bearer"}, ["accessToken"], "BearerToken()"),
        ({"type": "oauth2", "flows": {}}, ["accessToken"], "BearerToken()"),
        ({"type": "http", "scheme": "digest"}, ["authorization"], 'ApiKey("authorization", "header", "Authorization")'),
        ({"type": "mutualTLS"}, [], ""),
    ],
)
def test_a_security_scheme_is_a_login(scheme: Any, fields: list[str], declared: str, tmp_path: Path) -> None:
    header = {"name": "X-Key", "in": "header", "schema": {"type": "string"}}
    root = api({"parameters": [header]}, security=[{"S": []}], components={"securitySchemes": {"S": scheme, "T": {}}})
    assert bool(inputs(tmp_path, root)) == (scheme["type"] != "apiKey")
    assert list(component(tmp_path)["credentials"]["fields"]) == [*fields, "server"]
    assert declared in (tmp_path / "lib/server.py").read_text()
    assert ("not supported: S." in (tmp_path / "README.md").read_text().replace("`", "")) is not bool(fields)


def test_several_logins_have_different_fields(tmp_path: Path) -> None:
    schemes = {
        "app id": {"type": "apiKey", "in": "header", "name": "App-Id"},
        "app key": {"type": "apiKey", "in": "query", "name": "key"},
        "token": {"type": "oauth2"},
        "jwt": {"type": "http", "scheme": "bearer"},
    }
    folder = created(tmp_path, api(components={"securitySchemes": schemes}))
    assert problems(folder) == []
    assert list(component(folder)["credentials"]["fields"]) == ["appId", "appKey", "accessToken", "server"]


@pytest.mark.parametrize(
    ("required", "is_required"), [([{"S": []}], True), ([{"S": []}, {}], False), ([], False), (None, False)]
)
def test_the_only_login_is_required_if_all_requests_need_it(required: Any, is_required: bool, tmp_path: Path) -> None:
    schemes = {"S": {"type": "http", "scheme": "bearer"}}
    parameter = {"name": "it's", "in": "path", "schema": {"type": "string", "enum": ["a"]}}
    root = api({"parameters": [parameter]}, "/{it's}", components={"securitySchemes": schemes}, security=required)
    folder = created(tmp_path, root)
    assert problems(folder) == []
    assert component(folder)["credentials"]["fields"]["accessToken"].get("required", False) is is_required
    command = next(line for line in (folder / "README.md").read_text().splitlines() if "elasticio exec" in line)
    config = ["--config", '{"accessToken": "…", "server": "…"}']
    assert shlex.split(command) == [".venv/bin/elasticio", "exec", "call", "--body", '{"it\'s": "a"}', *config]


def test_the_credentials_are_verified_with_a_request_about_the_account(tmp_path: Path) -> None:
    root = api({"parameters": [{"name": "q", "in": "query", "required": True, "schema": {}}]}, "/a")
    root["paths"] |= {"/things": {"get": OK}, "/v1/me": {"get": OK}, "/me/{id}": {"get": OK}, "/user": {"post": OK}}
    created(tmp_path, root)
    assert 'API.verify(config, "/v1/me")' in (tmp_path / "verify_credentials.py").read_text()


@pytest.mark.parametrize("given", [{"security": []}, {"security": [{"key": []}, {}]}])
def test_the_credentials_are_not_verified_with_a_public_request(given: Any, tmp_path: Path) -> None:
    root = api(OK, "/things/all/of/them", security=[{"key": []}])
    root["components"] = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "K"}}}
    root["paths"]["/me"] = {"get": OK | given}
    created(tmp_path, root)
    assert 'API.verify(config, "/things/all/of/them")' in (tmp_path / "verify_credentials.py").read_text()


def test_swagger_2_is_read(tmp_path: Path) -> None:
    operation = {
        "operationId": "call",
        "consumes": ["application/json"],
        "parameters": [
            {"name": "tags", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "multi"},
            {"$ref": "#/parameters/Thing"},
        ],
        "responses": {"200": {"schema": {"type": "array", "items": {"$ref": "#/definitions/Thing"}}}},
    }
    root = {
        "swagger": "2.0",
        "host": "api.example.com",
        "basePath": "/v2",
        "schemes": ["http", "https"],
        "paths": {"/things": {"post": operation}},
        "securityDefinitions": {"login": {"type": "basic"}},
        "parameters": {
            "Thing": {"name": "thing", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Thing"}}
        },
        "definitions": {"Thing": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}},
    }
    found = inputs(tmp_path, root)
    assert [name for name, node in found.items() if node.get("required")] == ["name"]
    assert 'Input("tags", "query", kind="list", style="repeat")' in module(tmp_path)
    assert 'server="https://api.example.com/v2"' in (tmp_path / "lib/server.py").read_text()
    assert "results" in schema(tmp_path, "call", "out")["properties"]


def test_swagger_2_separates_lists_and_sends_json_and_receives_files(tmp_path: Path) -> None:
    formats = {"a": "tsv", "b": "ssv", "c": "pipes", "d": "csv", "e": None}
    listed = {"in": "query", "type": "array", "items": {"type": "string"}}
    operation = {
        "operationId": "call",
        "consumes": ["application/xml", "application/json"],
        "parameters": [
            *(
                {**listed, "name": name} | ({"collectionFormat": each} if each else {})
                for name, each in formats.items()
            ),
            {"in": "body", "name": "body", "schema": {"properties": {"x": {"type": "string"}}}},
        ],
        "responses": {"200": {"schema": {"type": "file"}}},
    }
    inputs(tmp_path, {"swagger": "2.0", "paths": {"/things": {"post": operation}}})
    found = re.findall(r'Input\("(.)", "query", kind="list"(?:, style="(\w+)")?\)', module(tmp_path))
    assert found == [("a", "tab"), ("b", "space"), ("c", "pipe"), ("d", ""), ("e", "")]
    assert 'content_type="application/json"' in module(tmp_path)
    assert schema(tmp_path, "call", "out")["properties"].keys() == {"attachment"}


def test_swagger_2_forms_with_files_are_multipart(tmp_path: Path) -> None:
    form = [
        {"name": "f", "in": "formData", "type": "file", "required": True},
        {"name": "n", "in": "formData", "type": "string"},
    ]
    root = {"swagger": "2.0", "paths": {"/a": {"post": {"operationId": "call", "parameters": form, **OK}}}}
    assert list(inputs(tmp_path, root)) == ["f", "n"]
    assert 'content_type="multipart/form-data"' in module(tmp_path)
    assert 'Input("f", "body", required=True, kind="file")' in module(tmp_path)


YAML = """
openapi: 3.1.0
info: {title: Things, version: 2024-05-31}
paths:
  /things:
    get:
      operationId: call
      parameters: [{name: on, in: query, schema: {type: string, enum: [yes, no, 2024-01-01]}}]
      responses: {200: {description: OK}}
"""


def test_yaml_is_read_as_its_json_would_be(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(YAML)
    assert main(["new", "A", "--from", str(tmp_path / "api.yaml"), "--folder", str(tmp_path / "a")]) == 0
    assert problems(tmp_path / "a") == []
    assert schema(tmp_path / "a", "call", "in")["properties"]["on"]["enum"] == ["yes", "no", "2024-01-01"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"openapi": "3.0.0",\n]', "api.json:2: not valid JSON: "),
        ("a: [\n}", "api.json:2: not valid YAML: "),
        ("a: &a [*a]", "api.json: not valid YAML or JSON. Correct the file."),
        ("- 1", "api.json: must be an object. Name a file with an OpenAPI description."),
        ("{}", 'the file: there is no "openapi" and no "swagger". Use a description in OpenAPI 3.0 or 3.1'),
        ('{"openapi": "4.0"}', "the file: version '4.0' is unknown. Use"),
        ('{"openapi": "3.0.0"}', "paths: there are no operations. Add a path"),
        ('{"openapi": "3.0.0", "paths": []}', "paths: must be an object. Correct"),
        ('{"openapi": "3.0.0", "paths": {"a": {}}}', "paths.a: the path does not begin with a slash. Correct"),
        ('{"openapi": "3.0.0", "paths": {"/a": {"get": 1}}}', "paths./a.get: must be an object."),
        (
            '{"openapi": "3.0.0", "paths": {"/a": {"$ref": "other.json"}}}',
            "paths./a: 'other.json' is in another file. Bundle the description into one file",
        ),
        ('{"openapi": "3.0.0", "paths": {"/a": {"$ref": "#/x"}}}', "paths./a: '#/x' has no target. Correct"),
        ('{"openapi": "3.0.0", "paths": {"/a": {"$ref": "#/paths/~1a"}}}', "paths./a: the references form a cycle."),
        (
            '{"openapi": "3.0.0", "paths": {"/a": {"get": {"parameters": [{"in": "query"}]}}}}',
            'paths./a.get.parameters[0]: "name" is missing. Add the name of the parameter.',
        ),
        (
            '{"openapi": "3.0.0", "paths": {"/a": {"get": {"parameters": [{"in": "body", "name": "a"}]}}}}',
            "paths./a.get.parameters[0].in: 'body' is no place. Write one of path, query, header, cookie.",
        ),
    ],
)
def test_a_mistake_has_its_place_and_its_correction(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "api.json").write_text(text)
    assert main(["new", "A", "--from", str(tmp_path / "api.json"), "--folder", str(tmp_path / "a")]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert not (tmp_path / "a").exists()


def test_a_missing_description_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "A", "--from", str(tmp_path / "none.yaml"), "--folder", str(tmp_path / "a")]) == 1
    assert (
        "none.yaml: the file cannot be read (No such file or directory). Correct the path." in capsys.readouterr().err
    )


def test_shared_values_of_yaml_do_not_multiply(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)), "openapi: 3.0.0"]
    (tmp_path / "api.yaml").write_text("\n".join(lines))
    with pytest.raises(DescriptionError, match="there are no operations"):
        created(tmp_path / "a", description.read(tmp_path / "api.yaml").root)


KEYS = st.sampled_from(
    [
        *(
            "type",
            "properties",
            "items",
            "allOf",
            "oneOf",
            "$ref",
            "required",
            "enum",
            "default",
            "example",
            "name",
            "in",
        ),
        *("schema", "content", "application/json", "description", "title", "parameters", "requestBody", "responses"),
        *(
            "get",
            "post",
            "200",
            "id",
            "style",
            "readOnly",
            "x-a",
            "url",
            "variables",
            "a b",
            "Ä",
            '"',
            "{x}",
            "security",
        ),
    ]
)
TEXTS = st.sampled_from(
    [
        "",
        "string",
        "integer",
        "array",
        "object",
        "query",
        "path",
        "body",
        "#/a",
        "a\n`b`",
        '"""',
        "\\",
        "\ud800",
        "{x}",
        "$a",
    ]
)
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
JSON = st.recursive(
    VALUES, lambda each: st.lists(each, max_size=3) | st.dictionaries(KEYS, each, max_size=4), max_leaves=12
)
SCHEMAS = st.dictionaries(KEYS, JSON, max_size=5) | JSON
PARAMETERS = st.fixed_dictionaries({"name": TEXTS, "in": TEXTS}, optional={"schema": SCHEMAS, "description": TEXTS})
OPERATIONS = st.fixed_dictionaries(
    {},
    optional={
        "operationId": TEXTS,
        "summary": TEXTS,
        "parameters": st.lists(PARAMETERS, max_size=3),
        "requestBody": st.fixed_dictionaries(
            {"content": st.dictionaries(KEYS, st.fixed_dictionaries({"schema": SCHEMAS}))}
        ),
        "responses": st.fixed_dictionaries({"200": st.fixed_dictionaries({"content": JSON})}) | JSON,
        "deprecated": JSON,
    },
)
ROOTS = st.fixed_dictionaries(
    {
        "openapi": st.just("3.1.0"),
        "paths": st.dictionaries(
            st.sampled_from(["/a", "/{x}", '/"', "/a\\b", "/ä#"]),
            st.dictionaries(st.sampled_from(["get", "post"]), OPERATIONS),
        ),
    },
    optional={
        "servers": JSON | st.lists(st.fixed_dictionaries({"url": TEXTS | st.just("https://{x}.y/{a b}")}), max_size=2),
        "info": JSON,
        "components": st.fixed_dictionaries(
            {
                "securitySchemes": st.dictionaries(
                    KEYS, st.fixed_dictionaries({"type": st.sampled_from(["apiKey", "http"])})
                )
            }
        ),
        "a": SCHEMAS,
    },
)


@settings(max_examples=40, deadline=None)
@given(root=ROOTS | st.dictionaries(KEYS, JSON).map(lambda given: {"openapi": "3.0.0", **given}))
def test_any_description_becomes_a_component_without_problems_or_one_error(
    root: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("generated", numbered=True)
    try:
        created(folder, root)
    except DescriptionError as error:
        str(error).encode()
        return  # its text is one line, see the tests of mistakes
    assert problems(folder) == []
    for file in folder.rglob("*.py"):
        compile(file.read_text(), str(file), "exec")
