"""The API without a network: requests and responses are plain values.

`Sandbox.handle` processes one request synchronously, so a simulation can make thousands of requests without a socket.
`web/app.py` serves it over HTTP.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from callfire_sandbox import field_selection
from callfire_sandbox.api.multipart import read_form
from callfire_sandbox.api.operation import Content, Operation, Page, Parameter, Request, Result, Router
from callfire_sandbox.api.rate_limit import RateLimit
from callfire_sandbox.api.validation import bind, bind_text, read_json
from callfire_sandbox.errors import ApiError, BadRequestError, UnauthorizedError
from callfire_sandbox.operations import OPERATIONS
from callfire_sandbox.world.logins import matches_password
from callfire_sandbox.world.state import World
from callfire_sandbox.world.state_file import StateFile
from callfire_sandbox.world.table import encode, public

JSON = "application/json"
ROUTER = Router(OPERATIONS)


@dataclass(frozen=True)
class Response:
    """A response: status, body, and headers other than Content-Length."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def error_response(error: ApiError) -> Response:
    """Return the response for an error."""
    return Response(error.status, encode(error.body()), {"Content-Type": JSON, **error.headers})


def read_login(header: str) -> tuple[str, str] | None:
    """Return user name and password of an Authorization header, or None for anything but Basic authentication."""
    scheme, _, encoded = header.partition(" ")
    try:
        username, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (username, password) if scheme.lower() == "basic" else None


class Sandbox:
    """The API of one simulated CallFire."""

    def __init__(self, world: World, state_file: StateFile | None = None) -> None:
        self.world = world
        self._rate = RateLimit()
        self._state_file = state_file

    def handle(
        self, method: str, path: str, query: str = "", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Response:
        """Process a request. `path` is the raw path below /v2; header names are in lower case."""
        headers = headers or {}
        self.world.tasks.run_due(self.world)
        try:
            operation, values = self.admit(method, path, headers)
            self._rate.check(self.world)
            request = self._bind(operation, values, query, headers, body)
            return self._render(request, operation.handler(request))
        except ApiError as error:
            return error_response(error)
        finally:
            self.save()

    def admit(self, method: str, path: str, headers: Mapping[str, str]) -> tuple[Operation, dict[str, str]]:
        """Return the operation of a request and its raw path values, without a look at its body.

        Raises ApiError if path, method or login are wrong.
        """
        operation, values = ROUTER.find(method, path)
        self._authenticate(operation, headers.get("authorization", ""))
        return operation, values

    def save(self) -> None:
        """Write all changes to the state file, if there is one."""
        if self._state_file:
            self._state_file.save(self.world)
        self.world.touched.clear()
        self.world.new_files.clear()

    def _authenticate(self, operation: Operation, header: str) -> None:
        if operation.login == "none":
            return
        given = read_login(header)
        if given is None:
            raise UnauthorizedError("Basic authentication with API credentials is required.")
        username, password = given
        login = self.world["credentials"].first(username=username)
        if login is None or not matches_password(login, password):
            raise UnauthorizedError("The user name or the password is wrong.")
        if not login["enabled"]:
            raise UnauthorizedError("These API credentials are disabled. Enable them in the account.")
        kind = login["_"]["kind"]
        if kind != operation.login:
            wanted = "API credentials" if operation.login == "api" else "the account login"
            raise UnauthorizedError(f"This operation requires {wanted}.")

    def _bind(
        self, operation: Operation, values: Mapping[str, str], query: str, headers: Mapping[str, str], body: bytes
    ) -> Request:
        path = {
            name: bind_text(schema, [unquote(values[name])], name) for name, schema in operation.path_schemas.items()
        }
        request = Request(self.world, operation, path, _parameters(operation.query, _pairs(query)))
        if wanted := request.query.get("fields"):
            request.fields = field_selection.parse(wanted)
        if operation.form:
            fields, files = read_form(headers, body)
            request.body, request.files = _parameters(operation.form, fields, files), files
        elif operation.body:
            given = read_json(body)
            if given is None:
                raise BadRequestError("This operation requires a JSON body.")
            request.body = bind(operation.body, given, "body")
        return request

    def _render(self, request: Request, result: Result) -> Response:
        status = request.operation.status
        if result is None:
            return Response(self.world.switches.empty_status)
        if isinstance(result, Content):
            return Response(status, result.data, {"Content-Type": result.media_type})
        if isinstance(result, Page):
            return Response(status, self._page(result, request.fields), {"Content-Type": JSON})
        if isinstance(result, dict):
            result = public(result)
        return Response(status, encode(field_selection.select(result, request.fields)), {"Content-Type": JSON})

    def _page(self, page: Page, fields: field_selection.Fields) -> bytes:
        switches = self.world.switches
        total = {"exact": page.total, "unknown": -1}.get(switches.total_count)
        around = {"limit": page.limit, "offset": page.offset} if switches.limit_and_offset else {}
        around |= {} if total is None else {"totalCount": total}
        if fields:
            chosen = field_selection.select({"items": [public(record) for record in page.records], **around}, fields)
            return encode(chosen if switches.fields_strip_paging else {**around, **chosen})
        items = b",".join(page.table.encoded(record) for record in page.records)
        return b'{"items":[' + items + (b"]," if around else b"]") + encode(around)[1:]


def _pairs(query: str) -> dict[str, list[str]]:
    pairs: dict[str, list[str]] = {}
    for name, value in parse_qsl(query):
        pairs.setdefault(name, []).append(value)
    return pairs


def _parameters(
    declared: tuple[Parameter, ...], given: Mapping[str, list[str]], files: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    values = {}
    for parameter in declared:
        name = parameter.name
        if parameter.schema["type"] == "file":
            if name not in (files or {}):
                raise BadRequestError(f"{name}: there is no file with this name in the form.")
        elif name in given:
            values[name] = bind_text(parameter.schema, given[name], name)
        elif parameter.required:
            raise BadRequestError(f"{name}: is required.")
        else:
            values[name] = parameter.default
    return values
