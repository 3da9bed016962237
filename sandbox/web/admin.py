"""The admin API below `/sandbox`: inbound texts, sent texts, switches, faults, clock and state.

It needs no login, because the sandbox is for local use. `READS` and `WRITES` list every path.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sandbox.api.models.enums import CALL_RESULT, TEXT_RESULT
from sandbox.api.validation import read_json
from sandbox.errors import ApiError, BadRequestError, ForbiddenError, NotFoundError
from sandbox.switches import PROFILES
from sandbox.web.control import Control
from sandbox.web.events import events, readable
from sandbox.world import inbound
from sandbox.world.phone_numbers import normal
from sandbox.world.received import received
from sandbox.world.state_dump import dump, load
from sandbox.world.table import encode, public

PAGE = Path(__file__).with_name("page.html")
OUTCOMES = {"finalTextResult": TEXT_RESULT, "finalTextResultLater": TEXT_RESULT, "finalCallResult": CALL_RESULT}
UNIVERSAL = ("inboundCall", "inboundText", "outboundCall", "outboundText")


def bring_in(control: Control, given: Any, kind: str) -> Any:
    """Receive one inbound text or call, or a list of them."""
    entries = given if isinstance(given, list) else [given]
    if not all(isinstance(entry, dict) for entry in entries):
        raise BadRequestError("The body must be an object or a list of objects.")
    found = [public(inbound.KINDS[kind](control.world, entry)) for entry in entries]
    return found if isinstance(given, list) else found[0]


def start_load(control: Control, given: Any) -> Any:
    """Start a load of inbound texts or calls: {kind, total, perSecond}."""
    kind, total, per_second = given.get("kind", "texts"), given.get("total"), given.get("perSecond")
    if kind not in inbound.KINDS or not isinstance(total, int) or not isinstance(per_second, int | float):
        raise BadRequestError("The body must contain kind (texts or calls), total and perSecond.")
    if total < 1 or per_second <= 0:
        raise BadRequestError("total and perSecond must be greater than 0.")
    world = control.world
    inbound.load(world, kind=kind, total=total, per_second=per_second, done=0, began=world.clock.now())
    return {"started": total}


def set_switches(control: Control, given: Any) -> Any:
    """Set switches; `profile` sets all others to a profile."""
    values = dict(given)
    base = control.world.switches
    if profile := values.pop("profile", None):
        if profile not in PROFILES:
            raise BadRequestError(f"profile must be {' or '.join(PROFILES)}.")
        base = PROFILES[profile]
    try:
        control.world.switches = base.changed(values)
    except ValueError as error:
        raise BadRequestError(str(error)) from error
    return asdict(control.world.switches)


def advance(control: Control, given: Any) -> Any:
    """Advance the clock by {advance} milliseconds and run the tasks that are due."""
    by = given.get("advance")
    if not isinstance(by, int) or by < 0:
        raise BadRequestError("advance must be a number of milliseconds, 0 or more.")
    now = control.world.clock.advance(by)
    control.world.tasks.run_due(control.world)
    return {"now": now}


def set_outcome(control: Control, given: Any, number: str) -> Any:
    """Set the results of texts and calls to a number: {finalTextResult, finalTextResultLater, finalCallResult}."""
    world, to = control.world, normal(number, short_codes=True)
    if to is None:
        raise BadRequestError("The path must contain a phone number. Use 11 digits or a short code.")
    for name, value in given.items():
        if name not in OUTCOMES or value not in OUTCOMES[name]["enum"]:
            raise BadRequestError(f"{name}: use one of {', '.join(OUTCOMES)}, with a result of the API as value.")
    for old in world["outcomes"].where(number=to):
        world["outcomes"].remove(old)
    return world["outcomes"].add({"number": to, **given}) if given else {}


def set_account(control: Control, given: Any) -> Any:
    """Set the {credits} of the account."""
    if not isinstance(given.get("credits"), int | float):
        raise BadRequestError("credits must be a number.")
    control.world["accounts"].note(control.world.account, credits=float(given["credits"]))
    return {"credits": given["credits"]}


def add_universal(control: Control, given: Any) -> Any:
    """Add {toNumber, fromNumber (optional)} to the universal do-not-contact list."""
    numbers = {name: normal(str(given[name])) for name in ("toNumber", "fromNumber") if name in given}
    if numbers.get("toNumber") is None:
        raise BadRequestError("toNumber must be a phone number. Use 11 digits.")
    flags = {name: bool(given.get(name, name.startswith("outbound"))) for name in UNIVERSAL}
    return control.world["universal_dncs"].add({**numbers, **flags})


def load_state(control: Control, given: Any) -> Any:
    """Load a state that GET /sandbox/state returned."""
    try:
        load(control.world, given)
    except ValueError as error:
        raise BadRequestError(str(error)) from error
    control.replaced()
    return {}


def reset(control: Control, _given: Any) -> Any:
    """Reset everything to the initial state."""
    control.reset()
    return {}


def remove_fault(control: Control, _given: Any, number: str) -> Any:
    """Remove one fault."""
    if not number.isdecimal() or int(number) not in {fault.id for fault in control.faults}:
        raise NotFoundError("There is no fault with this number.")
    control.faults.remove(int(number))
    return {}


def remove_faults(control: Control, _given: Any) -> Any:
    """Remove all faults."""
    control.faults.remove()
    return {}


def overview(control: Control) -> Any:
    """Return what the web page shows: the newest records, credits, time, counts and faults."""
    world = control.world
    newest = {
        name: [public(record) for record in list(world[name].rows.values())[-200:]]
        for name in ("texts", "calls", "deliveries")
    }
    broadcasts = [
        {**public(entry), "kind": name, **progress(control, entry, actions)}
        for name, actions in (("text_broadcasts", "texts"), ("call_broadcasts", "calls"))
        for entry in list(world[name].rows.values())[-50:]
    ]
    counts = {name: len(world[name]) for name in ("texts", "calls", "contacts", "webhooks")}
    state = {"now": world.clock.now(), "credits": world.account["_"]["credits"], "counts": counts}
    return readable({**newest, **state, "broadcasts": broadcasts, "faults": control.faults.dump()})


def progress(control: Control, broadcast: Any, table: str) -> dict[str, int]:
    """Return the total and finished recipients of a broadcast."""
    actions = control.world[table].where(campaignId=broadcast["id"])
    return {"total": len(actions), "finished": sum(action["state"] != "READY" for action in actions)}


async def show_page(_request: Request) -> Response:
    """Return the web page."""
    return FileResponse(PAGE)


READS: dict[str, Callable[[Control, Any], Any]] = {
    "/sandbox/received": lambda control, query: received(control.world, query.get("number")),
    "/sandbox/switches": lambda control, _query: asdict(control.world.switches),
    "/sandbox/faults": lambda control, _query: control.faults.dump(),
    "/sandbox/state": lambda control, _query: dump(control.world),
    "/sandbox/requests": lambda control, _query: list(control.requests),
    "/sandbox/deliveries": lambda control, _query: [public(record) for record in control.world["deliveries"]],
    "/sandbox/overview": lambda control, _query: overview(control),
    "/sandbox/clock": lambda control, _query: {"now": control.world.clock.now()},
}

WRITES: dict[tuple[str, str], Callable[..., Any]] = {
    ("POST", "/sandbox/texts"): lambda control, given: bring_in(control, given, "texts"),
    ("POST", "/sandbox/calls"): lambda control, given: bring_in(control, given, "calls"),
    ("POST", "/sandbox/load"): start_load,
    ("PATCH", "/sandbox/switches"): set_switches,
    ("POST", "/sandbox/clock"): advance,
    ("PUT", "/sandbox/outcomes/{number}"): set_outcome,
    ("PATCH", "/sandbox/account"): set_account,
    ("POST", "/sandbox/universal-dncs"): add_universal,
    ("PUT", "/sandbox/state"): load_state,
    ("POST", "/sandbox/reset"): reset,
    ("POST", "/sandbox/faults"): lambda control, given: asdict(control.faults.add(given)),
    ("DELETE", "/sandbox/faults"): remove_faults,
    ("DELETE", "/sandbox/faults/{number}"): remove_fault,
}


LISTS = ("/sandbox/texts", "/sandbox/calls")
"""Paths that also accept a list."""


def create_admin(control: Control) -> Starlette:
    """Return the application for every path that is not below /v2."""

    async def stream(_request: Request) -> Response:
        return StreamingResponse(events(control.world), media_type="text/event-stream")

    def reading(read: Callable[[Control, Any], Any]) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            control.world.tasks.run_due(control.world)
            return _json(read(control, request.query_params))

        return handle

    def writing(write: Callable[..., Any]) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            given = read_json(await request.body())
            wanted = dict | list if request.url.path in LISTS else dict
            if not isinstance(given, wanted | None):
                raise BadRequestError("The body must be a JSON object.")
            control.world.tasks.run_due(control.world)
            _same_origin(request)
            try:
                return _json(write(control, {} if given is None else given, **request.path_params))
            finally:
                control.save()
                control.world.feed.tell("changed", {})

        return handle

    routes = [
        Route("/", show_page),
        Route("/sandbox/events", stream),
        *(Route(path, reading(read)) for path, read in READS.items()),
        *(Route(path, writing(write), methods=[method]) for (method, path), write in WRITES.items()),
    ]
    return Starlette(routes=routes, exception_handlers={ApiError: _refuse})


def _same_origin(request: Request) -> None:
    """Raise ForbiddenError for a request from another web page."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForbiddenError("Requests from other web pages are not allowed.")


async def _refuse(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, ApiError)  # noqa: S101 - registered for ApiError only
    return JSONResponse(refusal.body(), status_code=refusal.status)


def _json(value: Any) -> Response:
    return Response(encode(value), media_type="application/json")
