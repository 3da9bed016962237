"""Refuses requests of other web sites, because credentials pass through the page's server.

A web site in the same browser can send requests to any port of this machine. Three checks keep it out:

Host    names this server: a site whose own domain points to 127.0.0.1 (DNS rebinding) sends its domain
Origin  is this server, if the browser sends it
token   each request below /api/ contains the random token of the address that the command printed
"""

import secrets
from collections.abc import Iterable, Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from elasticio_runner.local_platform.http_reply import json_response

HEADER = "x-preview-token"
_NAMES = ("127.0.0.1", "localhost")


class PageAccess:
    """An ASGI application that passes on only the requests of the page itself."""

    def __init__(self, application: ASGIApp, token: str) -> None:
        self._application = application
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Process one request. Responds with 401 without the token, and with 403 for another Host or Origin."""
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        status, reason = self._refusal(scope, headers)
        if status:
            await json_response({"error": reason}, status)(scope, receive, send)
        else:
            await self._application(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Iterable[tuple[str, str]]) -> tuple[int, str]:
        given: Mapping[str, str] = dict(headers)
        host = given.get("host", "").lower()
        if host not in _hosts(scope["server"][1]):
            return 403, "Host: the name is not allowed. Open the address that the command printed."
        if given.get("origin", f"http://{host}") != f"http://{host}":
            return 403, "Origin: only the page of this server may send requests."
        token = given.get(HEADER, "").encode("latin-1")
        if scope["path"].startswith("/api/") and not secrets.compare_digest(token, self._token):
            return 401, "The token is missing or wrong. Open the address that the command printed."
        return 0, ""


def _hosts(port: int) -> set[str]:
    return {f"{name}:{port}" for name in _NAMES} | (set(_NAMES) if port == 80 else set())
