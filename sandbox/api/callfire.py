"""The service itself without a network: a request goes in, an answer comes out.

`Sandbox.handle` is everything that CallFire does with one request, synchronously, so that a simulation can drive
thousands of them without a socket; `app.py` puts HTTP in front of it.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from sandbox import partial
from sandbox.api.binding import bind, bind_text, read_json
from sandbox.api.forms import read_form
from sandbox.api.operation import Content, Operation, Page, Parameter, Request, Result, Router
from sandbox.api.ratelimit import RateLimit
from sandbox.errors import BadRequest, Refusal, Unauthorized
from sandbox.operations import OPERATIONS
from sandbox.world.journal import Journal
from sandbox.world.state import World
from sandbox.world.store import encode, public

JSON = "application/json"
ROUTER = Router(OPERATIONS)


@dataclass(frozen=True)
class Answer:
    """What goes back: status, body, and the headers beside Content-Length."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Sandbox:
    """One CallFire account, served."""

    def __init__(self, world: World, journal: Journal | None = None) -> None:
        self.world = world
        self._rate = RateLimit()
        self._journal = journal

    def handle(
        self, method: str, path: str, query: str = "", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Answer a request: the path below /v2 as it came (escaped), header names in lower case."""
        headers = headers or {}
        self.world.tasks.run_due(self.world)
        try:
            return self._answer(method, path, query, headers, body)
        except Refusal as refusal:
            return Answer(refusal.status, encode(refusal.body()), {"Content-Type": JSON, **refusal.headers})
        finally:
            self.save()

    def _answer(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        operation, values = ROUTER.find(method, path)
        self._authenticate(operation, headers.get("authorization", ""))
        self._rate.check(self.world)
        request = self._bind(operation, values, query, headers, body)
        return self._render(request, operation.handler(request))

    def save(self) -> None:
        """Make everything that has changed since the last time outlive the process, if there is a journal."""
        if self._journal:
            self._journal.save(self.world)
        self.world.touched.clear()
        self.world.new_files.clear()

    def _authenticate(self, operation: Operation, header: str) -> None:
        if operation.login == "none":
            return
        scheme, _, encoded = header.partition(" ")
        try:
            username, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            scheme = ""
        if scheme.lower() != "basic":
            raise Unauthorized("Basic authentication with API credentials is required")
        login = self.world["credentials"].first(username=username)
        if login is None or login["password"] != password:
            raise Unauthorized("the user name or the password is wrong")
        if not login["enabled"]:
            raise Unauthorized("these API credentials are disabled")
        kind = login["_"]["kind"]
        if kind != operation.login:
            wanted = "API credentials" if operation.login == "api" else "the account's own login"
            raise Unauthorized(f"this operation needs {wanted}")

    def _bind(
        self, operation: Operation, values: Mapping[str, str], query: str, headers: Mapping[str, str], body: bytes
    ) -> Request:
        path = {
            name: bind_text(schema, [unquote(values[name])], name) for name, schema in operation.path_schemas.items()
        }
        request = Request(self.world, operation, path, _parameters(operation.query, _pairs(query)))
        if wanted := request.query.get("fields"):
            request.fields = partial.parse(wanted)
        if operation.form:
            fields, files = read_form(headers, body)
            request.body, request.files = _parameters(operation.form, fields, files), files
        elif operation.body:
            given = read_json(body)
            if given is None:
                raise BadRequest("this operation needs a JSON body")
            request.body = bind(operation.body, given, "body")
        return request

    def _render(self, request: Request, result: Result) -> Answer:
        status = request.operation.status
        if result is None:
            return Answer(self.world.switches.empty_status)
        if isinstance(result, Content):
            return Answer(status, result.data, {"Content-Type": result.media_type})
        if isinstance(result, Page):
            return Answer(status, self._page(result, request.fields), {"Content-Type": JSON})
        if isinstance(result, dict):
            result = public(result)
        return Answer(status, encode(partial.select(result, request.fields)), {"Content-Type": JSON})

    def _page(self, page: Page, fields: partial.Fields) -> bytes:
        switches = self.world.switches
        total = {"exact": page.total, "unknown": -1}.get(switches.total_count)
        around = {"limit": page.limit, "offset": page.offset} if switches.limit_and_offset else {}
        around |= {} if total is None else {"totalCount": total}
        if fields:
            chosen = partial.select({"items": [public(record) for record in page.records], **around}, fields)
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
                raise BadRequest(f"the form has no file named {name!r}")
        elif name in given:
            values[name] = bind_text(parameter.schema, given[name], name)
        elif parameter.required:
            raise BadRequest(f"{name} is required")
        else:
            values[name] = parameter.default
    return values
