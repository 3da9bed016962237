"""Requests with generated values to every operation: the sandbox never fails, and it stays usable."""

import base64
import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from callfire_sandbox.api.callfire import Sandbox
from callfire_sandbox.api.operation import OPERATIONS, Operation, Parameter
from callfire_sandbox.api.schema import Schema, resolve
from callfire_sandbox.server import ACCOUNT_PASSWORD, ACCOUNT_USERNAME, PASSWORD, USERNAME, Options, Server
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TEXTS = [
    "",
    "a",
    "12135550177",
    "12135550100",
    "12135550199",
    "\ud83d",
    "\x00",
    "a\r\nX: y",
    "<script>",
    "${fromNumber}",
]
TEXTS += ["x" * 300, "9" * 40, "-1", "1e999", "true", "READY", "2020-01-01", "[", "%", "items(id", "(a+)+$", "http://["]
odd_texts = st.sampled_from(TEXTS) | st.text(max_size=10)
numbers = st.integers(-(2**65), 2**65) | st.integers(-1, 20) | st.floats(allow_nan=False, allow_infinity=False)
odd_values = st.recursive(
    odd_texts | numbers | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_texts, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def fitting(draw: st.DrawFn, schema: Schema, depth: int = 0) -> Any:
    """Return a value for a schema, in which every value may be an odd one."""
    schema = resolve(schema)
    if depth > 4 or draw(st.integers(0, 9)) == 0:
        return draw(odd_values)
    if properties := schema.get("properties"):
        names = draw(st.lists(st.sampled_from(sorted(properties)), unique=True, max_size=6))
        return {name: draw(fitting(properties[name], depth + 1)) for name in names}
    if schema["type"] == "array":
        return [draw(fitting(schema["items"], depth + 1)) for _ in range(draw(st.integers(0, 2)))]
    kinds = {"integer": numbers, "number": numbers, "boolean": st.booleans(), "string": odd_texts}
    values = kinds.get(schema["type"], odd_values)
    return draw(st.sampled_from(schema["enum"]) | values if "enum" in schema else values)


def _form(draw: st.DrawFn, fields: tuple[Parameter, ...]) -> bytes:
    parts = []
    for field in fields:
        filename = f'; filename="{draw(odd_texts)}"' if "file" in field.name else ""
        head = f'Content-Disposition: form-data; name="{field.name}"{filename}'
        parts.append(f"--B\r\n{head}\r\n\r\n{draw(fitting(field.schema))}\r\n")
    text = "".join(parts) + "--B--\r\n"
    return text.encode(errors="replace")[: draw(st.none() | st.integers(0, len(text)))]


@st.composite
def requests_of(draw: st.DrawFn, operation: Operation) -> tuple[str, str, str, dict[str, str], bytes]:
    path = re.sub(
        r"{\w+}", lambda _: quote(str(draw(numbers | odd_texts)).encode(errors="replace"), safe=""), operation.path
    )
    query = "&".join(
        f"{parameter.name}={quote(str(draw(fitting(parameter.schema))).encode(errors='replace'))}"
        for parameter in draw(
            st.lists(st.sampled_from(operation.query), max_size=4) if operation.query else st.just([])
        )
    )
    login = f"{ACCOUNT_USERNAME}:{ACCOUNT_PASSWORD}" if operation.login == "account" else f"{USERNAME}:{PASSWORD}"
    headers = {"authorization": "Basic " + base64.b64encode(login.encode()).decode()}
    body = b""
    if operation.body is not None:
        body = json.dumps(draw(fitting(operation.body))).encode()
    elif operation.form:
        headers["content-type"] = "multipart/form-data; boundary=B"
        body = _form(draw, operation.form)
    return operation.method, path, query, headers, body


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    server = Server(Options())
    server.socket.close()
    return server.control.sandbox


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_never_fails(sandbox: Sandbox, name: str) -> None:
    @settings(deadline=None, database=None, max_examples=12, suppress_health_check=list(HealthCheck))
    @given(requests_of(OPERATIONS[name]))
    def check(request: tuple[str, str, str, dict[str, str], bytes]) -> None:
        assert sandbox.handle(*request).status < 500

    check()
    sandbox.world.clock.advance(60_000)
    sandbox.world.tasks.run_due(sandbox.world)
