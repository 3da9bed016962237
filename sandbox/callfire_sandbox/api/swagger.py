"""The API description in Swagger 2.0, built from the declarations that route requests."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from callfire_sandbox.api.models import common
from callfire_sandbox.api.operation import Operation, Parameter
from callfire_sandbox.api.parameters import describe_parameter, describe_path_parameter
from callfire_sandbox.api.schema import MODELS
from callfire_sandbox.operations import OPERATIONS

TITLE = "CallFire sandbox"
ABOUT = (
    "A local simulation of the CallFire API v2. Login: Basic authentication with API credentials; "
    "/me/api/credentials requires the account login."
)


def describe(base_url: str) -> dict[str, Any]:
    """Return the description of the API at this URL."""
    where = urlsplit(base_url)
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS.values():
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "swagger": "2.0",
        "info": {"title": TITLE, "description": ABOUT, "version": "v2"},
        "host": where.netloc,
        "basePath": where.path,
        "schemes": [where.scheme],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {"basicAuth": {"type": "basic"}},
        "security": [{"basicAuth": []}],
        "tags": [{"name": tag} for tag in sorted({operation.tag for operation in OPERATIONS.values()})],
        "paths": paths,
        "definitions": MODELS,
    }


def _operation(operation: Operation) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Success"}
    if operation.returns:
        success["schema"] = operation.returns
    described = {
        "operationId": operation.id,
        "summary": operation.title,
        "tags": [operation.tag],
        "parameters": list(_parameters(operation)),
        "responses": {
            str(operation.status): success,
            "default": {"description": "Error", "schema": common.ERROR_RESPONSE},
        },
    }
    if operation.form:
        described["consumes"] = ["multipart/form-data"]
    if operation.produces != ("application/json",):
        described["produces"] = list(operation.produces)
    if operation.login == "none":
        described["security"] = []
    return described


def _parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    for name, schema in operation.path_schemas.items():
        description = describe_path_parameter(operation.id, operation.path, name)
        yield {"name": name, "in": "path", "required": True, **schema, "description": description}
    for place, parameters in (("query", operation.query), ("formData", operation.form)):
        for parameter in parameters:
            yield _parameter(operation, parameter, place)
    if operation.body:
        yield {
            "name": "body",
            "in": "body",
            "description": "The body.",
            "required": True,
            "schema": operation.body,
        }


def _parameter(operation: Operation, parameter: Parameter, place: str) -> dict[str, Any]:
    described = {"name": parameter.name, "in": place, "required": parameter.required, **parameter.schema}
    described["description"] = describe_parameter(operation.id, parameter.name)
    if parameter.schema["type"] == "array":
        described["collectionFormat"] = "multi"
    if parameter.default is not None:
        described["default"] = parameter.default
    return described
