"""The files of the web page, with a Content-Security-Policy that allows only files of the sandbox."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

STATIC = Path(__file__).with_name("static")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def file_routes() -> list[Route]:
    """Return a route for each file: `/` for index.html, and `/page/…` for all others."""
    found = [path for path in sorted(STATIC.rglob("*")) if path.suffix in TYPES]
    return [Route(_url(path), _serve(path)) for path in found]


def _url(path: Path) -> str:
    name = path.relative_to(STATIC).as_posix()
    return "/" if name == "index.html" else f"/page/{name}"


def _serve(path: Path) -> Callable[[Request], Awaitable[Response]]:
    async def serve(_request: Request) -> Response:
        return FileResponse(path, media_type=TYPES[path.suffix], headers=HEADERS)

    return serve
