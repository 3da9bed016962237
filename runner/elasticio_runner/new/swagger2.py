"""Reads the parts of Swagger 2.0 that OpenAPI 3 writes in another way."""

from collections.abc import Mapping
from typing import Any

from elasticio_runner.flow_file.locations import Place
from elasticio_runner.new.description import Description, DescriptionError

_STYLES = {
    "multi": ("form", True),
    "ssv": ("spaceDelimited", False),
    "tsv": ("tabDelimited", False),
    "pipes": ("pipeDelimited", False),
}
_FORM = "application/x-www-form-urlencoded"


def parameter(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a parameter as OpenAPI 3 describes it, with its schema and its style."""
    schema = given.get("schema", {key: value for key, value in given.items() if key not in ("in", "name", "required")})
    style, explode = _STYLES.get(str(given.get("collectionFormat")), ("form", False))
    return {**given, "schema": schema} | ({} if given.get("in") == "path" else {"style": style, "explode": explode})


def request_body(
    description: Description, operation: Mapping[str, Any], parameters: list[tuple[dict[str, Any], Place]]
) -> dict[str, Any] | None:
    """Return the body that the parameters in body and formData describe, as OpenAPI 3 does; None without a body."""
    consumes = [kind for kind in _kinds(description, operation, "consumes") if isinstance(kind, str)]
    fields = {}
    required = []
    for given, place in parameters:
        if given.get("in") == "body":
            content = {kind: {"schema": given.get("schema", {})} for kind in consumes or ["application/json"]}
            return {"content": content, "required": given.get("required") is True}
        if given.get("in") == "formData":
            name = given.get("name")
            if not isinstance(name, str):
                raise DescriptionError(place, '"name" is missing', "Add the name of the parameter")
            schema = parameter(given)["schema"]
            fields[name] = schema | ({"format": "binary"} if given.get("type") == "file" else {})
            required += [name] if given.get("required") is True else []
    if not fields:
        return None
    has_files = any(schema.get("format") == "binary" for schema in fields.values())
    kind = "multipart/form-data" if has_files or "multipart/form-data" in consumes else _FORM
    schema = {"type": "object", "properties": fields, "required": required}
    return {"content": {kind: {"schema": schema}}, "required": bool(required)}


def response_content(response: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a response as OpenAPI 3 describes it."""
    schema = response.get("schema")
    is_file = isinstance(schema, dict) and schema.get("type") == "file"
    return {"application/octet-stream" if is_file else "application/json": {"schema": schema}} if schema else {}


def servers(description: Description) -> list[dict[str, Any]]:
    """Return the servers as OpenAPI 3 describes them."""
    root = description.root
    schemes = root.get("schemes")
    names = [name for name in schemes if name in ("https", "http")] if isinstance(schemes, list) else []
    host, base = root.get("host"), root.get("basePath", "")
    path = base if isinstance(base, str) else ""
    if not isinstance(host, str):
        return [{"url": path}] if path else []
    return [{"url": f"{'https' if 'https' in names or not names else names[0]}://{host}{path}"}]


def _kinds(description: Description, operation: Mapping[str, Any], key: str) -> list[Any]:
    given = operation.get(key, description.root.get(key))
    return given if isinstance(given, list) else []
