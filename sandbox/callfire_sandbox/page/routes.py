"""The requests that only the page sends: below `/sandbox/page`, without a login. They change together with the page."""

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from callfire_sandbox.errors import NotFoundError
from callfire_sandbox.page.reads import PAGE_READS, media_file, read, recording
from callfire_sandbox.web.control import Control
from callfire_sandbox.world.table import encode

RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
Handler = Callable[[Request], Awaitable[Response]]


def page_routes(control: Control) -> list[Route]:
    """Return the routes below /sandbox/page."""
    return [
        *(Route(path, _answering(control, path)) for path in PAGE_READS),
        Route("/sandbox/page/recordings/{number}.mp3", _playing(control)),
        Route("/sandbox/page/media/{key}", _showing(control)),
    ]


def _answering(control: Control, path: str) -> Handler:
    async def handle(request: Request) -> Response:
        return Response(encode(read(path, control, request.query_params)), media_type="application/json")

    return handle


def _playing(control: Control) -> Handler:
    async def handle(request: Request) -> Response:
        data = recording(control.world, request.path_params["number"])
        if data is None:
            raise NotFoundError("There is no recording with this id.")
        return play(data, request.headers.get("range", ""))

    return handle


def _showing(control: Control) -> Handler:
    async def handle(request: Request) -> Response:
        found = media_file(control.world, request.path_params["key"])
        if found is None:
            raise NotFoundError("There is no media with this key.")
        return play(found[0], request.headers.get("range", ""), media_type=found[1])

    return handle


def play(data: bytes, wanted: str, media_type: str = "audio/mpeg") -> Response:
    """Return a file, or the part that a Range header selects: browsers ask for parts when a listener seeks."""
    # An uploaded file is never a page of this origin.
    headers = {"Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    selected = RANGE.fullmatch(wanted)
    first, last = (int(selected[1]), min(int(selected[2] or len(data)), len(data) - 1)) if selected else (1, 0)
    if first > last:  # not a valid range: browsers then accept the whole file
        return Response(data, media_type=media_type, headers=headers)
    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], 206, media_type=media_type, headers=headers)
