"""The controls below `/sandbox`: bring texts in, see what went out, set switches and faults, move the time.

They need no login: the sandbox is meant for one's own machine.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.callfire import Sandbox
from sandbox.errors import BadRequest, Refusal
from sandbox.faults import Faults
from sandbox.phone import normal
from sandbox.received import received
from sandbox.store import public
from sandbox.switches import PROFILES
from sandbox.texting import receive


class Admin:
    """The handlers, each for one path and method."""

    def __init__(self, sandbox: Sandbox, faults: Faults) -> None:
        self._sandbox = sandbox
        self._world = sandbox.world
        self._faults = faults

    async def receive_texts(self, request: Request) -> Response:
        """POST texts: one inbound text {fromNumber, toNumber, message, media, created} or a list of them."""
        given = await _json(request)
        texts = [self._receive(entry) for entry in (given if isinstance(given, list) else [given])]
        return JSONResponse([public(text) for text in texts] if isinstance(given, list) else public(texts[0]))

    def _receive(self, entry: dict[str, Any]) -> dict[str, Any]:
        sender, to = (normal(str(entry.get(name, "")), short_codes=True) for name in ("fromNumber", "toNumber"))
        if sender is None or to is None:
            raise BadRequest("fromNumber and toNumber must be phone numbers")
        return receive(self._world, sender=sender, to=to, message=str(entry.get("message", "")))

    async def get_received(self, request: Request) -> Response:
        """GET received: what went out, by number; ?number= for one."""
        return JSONResponse(received(self._world, request.query_params.get("number")))

    async def get_switches(self, _request: Request) -> Response:
        """GET switches: all of them."""
        return JSONResponse(asdict(self._world.switches))

    async def set_switches(self, request: Request) -> Response:
        """PATCH switches: some of them, and perhaps `profile` to start from."""
        values = await _json(request)
        base = self._world.switches
        if profile := values.pop("profile", None):
            if profile not in PROFILES:
                raise BadRequest(f"profile must be {' or '.join(PROFILES)}")
            base = PROFILES[profile]
        try:
            self._world.switches = base.changed(values)
        except ValueError as error:
            raise BadRequest(str(error)) from error
        return JSONResponse(asdict(self._world.switches))

    async def advance(self, request: Request) -> Response:
        """POST clock: let {advance} milliseconds pass at once."""
        given = (await _json(request)).get("advance")
        if not isinstance(given, int) or given < 0:
            raise BadRequest("advance must be a number of milliseconds, 0 or more")
        now = self._world.clock.advance(given)
        self._world.tasks.run_due(self._world)
        return JSONResponse({"now": now})

    async def get_faults(self, _request: Request) -> Response:
        """GET faults: those that are switched on."""
        return JSONResponse(self._faults.dump())

    async def add_fault(self, request: Request) -> Response:
        """POST faults: switch one on."""
        return JSONResponse(asdict(self._faults.add(await _json(request))), status_code=201)

    async def remove_faults(self, _request: Request) -> Response:
        """DELETE faults: switch all off."""
        self._faults.remove()
        return Response(status_code=204)


def create_admin(sandbox: Sandbox, faults: Faults) -> Starlette:
    """The application for everything that is not below /v2."""
    admin = Admin(sandbox, faults)

    def route(path: str, method: str, handler: Callable[..., Any]) -> Route:
        return Route(path, handler, methods=[method])

    return Starlette(
        routes=[
            route("/sandbox/texts", "POST", admin.receive_texts),
            route("/sandbox/received", "GET", admin.get_received),
            route("/sandbox/switches", "GET", admin.get_switches),
            route("/sandbox/switches", "PATCH", admin.set_switches),
            route("/sandbox/clock", "POST", admin.advance),
            route("/sandbox/faults", "GET", admin.get_faults),
            route("/sandbox/faults", "POST", admin.add_fault),
            route("/sandbox/faults", "DELETE", admin.remove_faults),
        ],
        exception_handlers={Refusal: _refuse},
    )


async def _refuse(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - registered for Refusal only
    return JSONResponse(refusal.body(), status_code=refusal.status)


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError as error:
        raise BadRequest(f"the body is not JSON: {error}") from error
