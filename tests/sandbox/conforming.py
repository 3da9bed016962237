"""Requests generated from the sandbox's own API description, and responses checked against it."""

import base64
import json
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from callfire_sandbox.api.callfire import Response, Sandbox
from callfire_sandbox.api.swagger import describe
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from jsonschema import Draft4Validator

DESCRIPTION = describe("http://127.0.0.1/v2")
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
}
ACCOUNT_ONLY = "/me/api/credentials"
NUMBERS = ["12135550100", "12135550101", "12135550177", "+1 (213) 555-0188", "67076", "18005550200", "12", "", "x"]
WORDS: dict[str, list[str]] = {
    "resource": ["InboundText", "OutboundCall", "Nonsense"],
    "callback": ["http://127.0.0.1:9/hook", "mailto:x"],
    "keyword": ["SUN", "MOON", "a", "sun moon"],
    "zipcode": ["90001", "99999", "x"],
    "prefix": ["1213", "800", "x"],
    "pattern": ["8**", "85*", "855"],
    "fields": ["id,name", "items(id,records(id))", "items/id", "items(", "nothing"],
    "states": ["READY,FINISHED", "nothing"],
    "extension": ["png", "mp3", "exe"],
    "contactNumbersField": ["homePhone", "mobilePhone", "email"],
    "verificationCode": ["1234", "0"],
    "startDate": ["2023-11-14", "yesterday"],
    "timeZone": ["America/New_York", "Moon/Crater"],
}


@cache
def validator(schema: str) -> Draft4Validator:
    return Draft4Validator({"definitions": DESCRIPTION["definitions"], **json.loads(schema)})


def check(name: str, answer: Response) -> None:
    """Raise if the description does not allow the response."""
    operation = OPERATIONS[name][2]
    responses = operation["responses"]
    if answer.status >= 300:
        assert answer.status in (400, 403, 404), (name, answer)
        body = json.loads(answer.body)
        assert body["httpStatusCode"] == answer.status
        validator(json.dumps(responses["default"]["schema"])).validate(body)
        return
    (declared,) = set(responses) - {"default"}
    schema = responses[declared].get("schema")
    assert str(answer.status) == declared, (name, answer)
    if schema is None:
        assert answer.body == b"", name
    elif schema["type" if "type" in schema else "$ref"] == "file":
        assert answer.headers["Content-Type"] in operation["produces"]
        assert answer.body
    else:
        assert answer.headers["Content-Type"] == "application/json"
        validator(json.dumps(schema)).validate(json.loads(answer.body))


def values(schema: dict[str, Any], name: str, ids: list[int]) -> SearchStrategy[Any]:
    """Values of a schema. Fields with the name of a phone number, an id or a known word mostly get valid values."""
    if "$ref" in schema:
        # Not deferred: no request object contains itself.
        return values(DESCRIPTION["definitions"][schema["$ref"].rpartition("/")[2]], name, ids)
    kind = schema["type"]
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if kind == "object":
        if "additionalProperties" in schema:
            return st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2)
        known = {key: values(entry, key, ids) for key, entry in schema.get("properties", {}).items()}
        return st.fixed_dictionaries({}, optional=known)
    if kind == "array":
        return st.lists(values(schema["items"], name.removesuffix("s"), ids), max_size=3)
    return _scalars(schema, name, ids)


def _scalars(schema: dict[str, Any], name: str, ids: list[int]) -> SearchStrategy[Any]:
    if schema["type"] == "boolean":
        return st.booleans()
    if schema["type"] == "number":
        return st.floats(allow_nan=False, allow_infinity=False)
    if schema["type"] == "integer":
        small = st.integers(-1, 30)
        return small if schema["format"] == "int32" else st.one_of(st.sampled_from(ids), small)
    if name.lower().endswith(("number", "phone", "phone1", "callerid")):
        return st.sampled_from(NUMBERS)
    known = [st.sampled_from(WORDS[name])] if name in WORDS else []
    return st.one_of(*known, st.text(min_size=1, max_size=12))


@st.composite
def requests(draw: DrawFn, name: str, ids: list[int]) -> tuple[str, str, str, dict[str, str], bytes]:
    """A request to an operation: method, path, query, headers, body."""
    method, path, operation = OPERATIONS[name]
    query: list[tuple[str, str]] = []
    headers: dict[str, str] = {}
    body = b""
    form = {}
    for parameter in operation["parameters"]:
        place, key = parameter["in"], parameter["name"]
        if place == "path":
            path = path.replace(f"{{{key}}}", quote(str(draw(values(parameter, key, ids)) or "-"), safe=""))
        elif place == "query" and draw(st.booleans()):
            value = draw(values(parameter, key, ids))
            query += [(key, _plain(item)) for item in (value if isinstance(value, list) else [value])]
        elif place == "body":
            body = json.dumps(draw(values(parameter["schema"], key, ids))).encode()
        elif place == "formData":
            form[key] = parameter
    if form:
        body, headers["content-type"] = draw(_forms(form))
    return method, path, urlencode(query), headers, body


@st.composite
def _forms(draw: DrawFn, form: dict[str, Any]) -> tuple[bytes, str]:
    parts = []
    for key, parameter in form.items():
        if parameter["type"] == "file":
            filename = draw(st.sampled_from(["a.csv", "a.png", "a.wav", "a.exe"]))
            data = draw(st.one_of(st.binary(max_size=40), st.just(b"homePhone,shoe\n12135550177,42\n")))
            data = data.replace(b"--b", b"")
            parts.append(f'--b\r\nContent-Disposition: form-data; name="{key}"; filename="{filename}"'.encode())
            parts.append(b"\r\nContent-Type: application/octet-stream\r\n\r\n" + data + b"\r\n")
        elif draw(st.booleans()):
            value = "true" if parameter["type"] == "boolean" else "some name"
            parts.append(f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode())
    return b"".join(parts) + b"--b--\r\n", "multipart/form-data; boundary=b"


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def handle(sandbox: Sandbox, request: tuple[str, str, str, dict[str, str], bytes]) -> Response:
    """Send a request with the login that its operation requires."""
    method, path, query, headers, body = request
    login = b"account:secret" if path.startswith(ACCOUNT_ONLY) else b"me:secret"
    login_header = {"authorization": f"Basic {base64.b64encode(login).decode()}"}
    return sandbox.handle(method, path, query, {**headers, **login_header}, body)
