"""HTTP responses: JSON values, and the httpReply of a step."""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

log = logging.getLogger("runner")

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # without line breaks, which would split the response
_OF_THE_CONNECTION = {"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"}
_WITHOUT_BODY = {204, 205, 304}


def json_response(value: Any, status: int = 200) -> Response:
    """Return a JSON response. Unlike Starlette's own, it may contain half of a surrogate pair, as an escape."""
    return Response(json.dumps(value), status, media_type="application/json")


def response_to(reply: Mapping[str, Any]) -> Response:
    """Return the response for a reply: a text body unchanged, any other body as JSON.

    If HTTP cannot carry a header, the response is 500, and a warning names the header.
    """
    given = reply.get("headers")
    headers = {str(name).lower(): str(value) for name, value in given.items()} if isinstance(given, Mapping) else {}
    for name, value in headers.items():
        if not (_TOKEN.fullmatch(name) and _VALUE.fullmatch(value)):
            log.warning("httpReply: HTTP cannot carry the header %r. The response is 500.", name[:100])
            return json_response({"error": "the flow's reply is not valid"}, 500)
    body, status = reply.get("body"), _status(reply.get("statusCode"))
    if not isinstance(body, str):
        headers.setdefault("content-type", "application/json")
    if status in _WITHOUT_BODY:
        body = None
    sent = {name: value for name, value in headers.items() if name not in _OF_THE_CONNECTION}
    return Response(_content(body), status, sent)


def _status(given: Any) -> int:
    try:
        status = int(given or 200)
    except (TypeError, ValueError, OverflowError):
        return 500
    return status if 200 <= status <= 599 else 500


def _content(body: Any) -> bytes:
    if isinstance(body, str):
        return body.encode(errors="replace")
    return b"" if body is None else json.dumps(body).encode()
