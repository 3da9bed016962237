"""The API description in OpenAPI 3.0, converted from the description in Swagger 2.0."""

from typing import Any

from callfire_sandbox.api.swagger import describe as describe_swagger

JSON = "application/json"


def describe(base_url: str) -> dict[str, Any]:
    """Return the description of the API at this URL."""
    swagger = describe_swagger(base_url)
    paths = {
        path: {method: _operation(operation) for method, operation in methods.items()}
        for path, methods in swagger["paths"].items()
    }
    schemas = {name: _schema(schema) for name, schema in swagger["definitions"].items()}
    return {
        "openapi": "3.0.3",
        "info": swagger["info"],
        "servers": [{"url": base_url}],
        "security": swagger["security"],
        "tags": swagger["tags"],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"basicAuth": {"type": "http", "scheme": "basic"}}},
    }


def _operation(operation: dict[str, Any]) -> dict[str, Any]:
    produces = operation.get("produces", [JSON])
    converted: dict[str, Any] = {
        name: operation[name] for name in ("operationId", "summary", "tags", "security") if name in operation
    }
    converted["parameters"] = [
        _parameter(entry) for entry in operation["parameters"] if entry["in"] in ("path", "query")
    ]
    if body := _body(operation["parameters"]):
        converted["requestBody"] = body
    converted["responses"] = {
        status: _response(response, [JSON] if status == "default" else produces)
        for status, response in operation["responses"].items()
    }
    return converted


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    outside = ("name", "in", "description", "required", "collectionFormat")
    schema = _schema({name: value for name, value in parameter.items() if name not in outside})
    converted = {name: parameter[name] for name in ("name", "in", "description", "required")}
    if "collectionFormat" in parameter:
        converted |= {"style": "form", "explode": True}
    return {**converted, "schema": schema}


def _body(parameters: list[dict[str, Any]]) -> dict[str, Any] | None:
    for parameter in parameters:
        if parameter["in"] == "body":
            return {"required": True, "content": {JSON: {"schema": _schema(parameter["schema"])}}}
    form = [parameter for parameter in parameters if parameter["in"] == "formData"]
    if not form:
        return None
    properties = {
        parameter["name"]: _schema(
            {name: value for name, value in parameter.items() if name not in ("name", "in", "required")}
        )
        for parameter in form
    }
    required = [parameter["name"] for parameter in form if parameter["required"]]
    schema = {"type": "object", "properties": properties, "required": required}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def _response(response: dict[str, Any], produces: list[str]) -> dict[str, Any]:
    converted: dict[str, Any] = {"description": response["description"]}
    if "schema" in response:
        converted["content"] = {kind: {"schema": _schema(response["schema"])} for kind in produces}
    return converted


def _schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema in the dialect of OpenAPI 3.0, where nothing may stand beside a reference."""
    if "$ref" in schema:
        target = {"$ref": schema["$ref"].replace("#/definitions/", "#/components/schemas/")}
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        return {"allOf": [target], **beside} if beside else target
    converted = dict(schema)
    if converted.get("type") == "file":
        converted |= {"type": "string", "format": "binary"}
    if "items" in converted:
        converted["items"] = _schema(converted["items"])
    if isinstance(converted.get("additionalProperties"), dict):
        converted["additionalProperties"] = _schema(converted["additionalProperties"])
    if "properties" in converted:
        converted["properties"] = {name: _schema(entry) for name, entry in converted["properties"].items()}
    return converted
