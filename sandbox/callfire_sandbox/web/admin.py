"""The admin API below `/sandbox`, and the web page: everything that is not below `/v2`.

It needs no login, because the sandbox is for local use. Requests from other web pages are refused.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from callfire_sandbox.api.callfire import error_response
from callfire_sandbox.api.validation import read_json
from callfire_sandbox.errors import ApiError, BadRequestError, ForbiddenError
from callfire_sandbox.page.files import file_routes
from callfire_sandbox.page.routes import page_routes
from callfire_sandbox.web.admin_commands import LISTS, PROPERTIES, READS, STATE, WRITES
from callfire_sandbox.web.bodies import read_body
from callfire_sandbox.web.control import Control
from callfire_sandbox.web.events import events
from callfire_sandbox.web.limits import Limits
from callfire_sandbox.world.table import encode

Handler = Callable[[Request], Awaitable[Response]]


def create_admin(control: Control, limits: Limits) -> Starlette:
    """Return the application for every path that is not below /v2."""

    async def stream(_request: Request) -> Response:
        return StreamingResponse(events(control.world), media_type="text/event-stream")

    routes = [
        *file_routes(),
        *page_routes(control),
        Route("/sandbox/events", stream),
        *(Route(path, _reading(control, read)) for path, read in READS.items()),
        *(Route(path, _writing(control, limits, write), methods=[method]) for (method, path), write in WRITES.items()),
    ]
    return Starlette(routes=routes, exception_handlers={ApiError: _refuse})


def _reading(control: Control, read: Callable[[Control, Mapping[str, str]], Any]) -> Handler:
    async def handle(request: Request) -> Response:
        control.world.tasks.run_due(control.world)
        return _json(read(control, request.query_params))

    return handle


def _writing(control: Control, limits: Limits, write: Callable[..., Any]) -> Handler:
    async def handle(request: Request) -> Response:
        _check_origin(request)
        given = await _body(request, limits)
        _check_names(given, PROPERTIES.get(write))
        control.world.tasks.run_due(control.world)
        try:
            return _json(write(control, {} if given is None else given, **request.path_params))
        finally:
            control.save()
            control.world.feed.tell("changed", {})

    return handle


async def _body(request: Request, limits: Limits) -> Any:
    limit = limits.state_bytes if request.url.path == STATE else limits.json_bytes
    body = await read_body(request.receive, request.headers, limit)
    if body is None:
        raise BadRequestError("The request was interrupted.")
    given = read_json(body)
    allowed = dict | list if request.url.path in LISTS else dict
    if not isinstance(given, allowed | None):
        raise BadRequestError("The body must be a JSON object.")
    return given


def _check_names(given: Any, properties: Collection[str] | None) -> None:
    """Raise BadRequestError for a property that the request would ignore."""
    for entry in given if isinstance(given, list) else [given]:
        unknown = entry.keys() - properties if isinstance(entry, dict) and properties else ()
        for name in sorted(unknown):
            raise BadRequestError(f"{name[:50]}: unknown property. Allowed: {', '.join(properties or ())}.")


def _check_origin(request: Request) -> None:
    """Raise ForbiddenError for a request from another web page."""
    origin = request.headers.get("origin")
    try:
        same = not origin or urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:  # not a URL
        same = False
    if not same:
        raise ForbiddenError("Requests from other web pages are not allowed.")


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - registered for ApiError only
    response = error_response(error)
    return Response(response.body, response.status, response.headers)


def _json(value: Any) -> Response:
    return Response(encode(value), media_type="application/json")
