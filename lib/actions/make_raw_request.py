"""Make Raw Request

Sends any request to CallFire's API, for operations that have no action. Only GET requests are retried.
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
        text("method", "HTTP method of the request.", choices=METHODS, required=True),
        text(
            "url",
            "Percent-encoded path below the server's URL, with an optional query, e.g. /texts?limit=5.",
            label="URL",
            required=True,
        ),
        anything("data", "Body of the request, sent as JSON."),
    ),
    returns=Returns(
        (
            integer("statusCode", "HTTP status of the response."),
            anything("headers", "Headers of the response, with names in lower case."),
            anything("responseBody", "Body of the response: the JSON value, or a text for any other format."),
        )
    ),
)
form_fields: dict[str, FormField] = {
    "doNotThrow404": form.check_box(
        "Emit 404 Responses", "Emits a response with status 404 like any other. Default: throw an error.", order=50
    )
}


def process(step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG001
    """Send the request and emit the status, headers and body of the response."""
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
    """Return the URL with a leading slash.

    Raises `InvalidInput` for a URL that a server or proxy could read as a place outside the server's URL.
    """
    path = url.partition("?")[0]
    if not re.fullmatch(r"/?[\w!$&'()*+,;=:@~.%-]+(/[\w!$&'()*+,;=:@~.%-]*)*", path, re.ASCII) or re.match(
        r"/?\w+:", path
    ):
        raise InvalidInput("url: must be a relative URL with escaped characters. Use a path such as /texts?limit=5.")
    if re.search(r"[^!-~]|[#\\]", url):
        raise InvalidInput("url: must not contain spaces, # or other unescaped characters. Percent-encode them.")
    if any(part.replace("%2e", ".").replace("%2E", ".") in (".", "..") for part in path.split("/")):
        raise InvalidInput("url: must not contain . or .. as a part of its path. Remove these parts.")
    return url if url.startswith("/") else f"/{url}"


def _emitted(answer: Answer) -> dict[str, Any]:
    return {"statusCode": answer.status, "headers": dict(answer.raw.headers), "responseBody": answer.value}
