"""Make a raw request

Any request to CallFire's API, for what no other action offers. Only reads are repeated by themselves; the address must
be relative, so that the login goes nowhere else.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from elasticio import Message, Step

from lib.callfire import form
from lib.callfire.api.client import Answer, Request, client_for
from lib.callfire.api.errors import InvalidInput
from lib.callfire.form import Config, FormField
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import anything, integer, text
from lib.callfire.operation.operation import Operation, Payload, Route
from lib.callfire.operation.request import encode_json
from lib.callfire.operation.returns import Returns

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

operation = Operation(
    Route("any", "/"),
    query=(
        text("method", "What to do.", choices=METHODS, required=True),
        text(
            "url",
            "Address below the server's, e.g. /texts?limit=5; what stands in it must be escaped already.",
            label="URL",
            required=True,
        ),
        anything("data", "Body of the request, sent as JSON."),
    ),
    returns=Returns(
        (
            integer("statusCode", "HTTP status of the answer."),
            anything("headers", "Headers of the answer, their names in lower case."),
            anything("responseBody", "Body of the answer: JSON as it is, anything else as text."),
        )
    ),
)
form_fields: dict[str, FormField] = {
    "doNotThrow404": form.check_box(
        "Emit 404 Responses", "Emits a response with status 404 like any other. Default: throw an error.", order=50
    )
}


def process(step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG001
    """Make the request and emit the answer."""
    with rebounding(config):
        values = operation.inputs(message.body, config)
        quiet = form.is_checked(config, "doNotThrow404")
        answer = client_for(config).call(_request(values, (404,) if quiet else ()))
        yield {"body": _emitted(answer)}


def _request(values: Mapping[str, Any], accepted: tuple[int, ...]) -> Request:
    path, _, query = _below_the_server(values["url"]).partition("?")
    data = values.get("data")
    return Request(
        method=values["method"],
        path=path,
        what=f"raw {values['method']} request",
        query=query,
        body=None if data is None else encode_json(data),
        headers={} if data is None else {"Content-Type": "application/json"},
        repeatable=values["method"] == "GET",
        accepted=accepted,
        text=True,
    )


def _below_the_server(url: str) -> str:
    """Refuse whatever a server, a proxy or we could read as another place than below the server's address."""
    path = url.partition("?")[0]
    if not re.fullmatch(r"/?[\w!$&'()*+,;=:@~.%-]+(/[\w!$&'()*+,;=:@~.%-]*)*", path, re.ASCII) or re.match(
        r"/?\w+:", path
    ):
        raise InvalidInput("url: must be a relative address of escaped characters, e.g. /texts?limit=5")
    if re.search(r"[^!-~]|[#\\]", url):
        raise InvalidInput("url: must not have spaces, # or other characters that need escaping")
    if any(part.replace("%2e", ".").replace("%2E", ".") in (".", "..") for part in path.split("/")):
        raise InvalidInput("url: must not have . or .. as a part of its path")
    return url if url.startswith("/") else f"/{url}"


def _emitted(answer: Answer) -> dict[str, Any]:
    return {"statusCode": answer.status, "headers": dict(answer.raw.headers), "responseBody": answer.value}
