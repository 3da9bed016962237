"""What the admin API does: each function is one request, with its JSON body and path values."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from typing import Any, TypeGuard

from callfire_sandbox.api.models.enums import CALL_RESULT, TEXT_RESULT
from callfire_sandbox.api.schema import INT, LONG, STRING, STRING_MAP, Schema, list_of, ref
from callfire_sandbox.api.validation import bind
from callfire_sandbox.errors import BadRequestError, NotFoundError
from callfire_sandbox.switches import PROFILES
from callfire_sandbox.web.control import Control
from callfire_sandbox.web.events import readable
from callfire_sandbox.world import inbound
from callfire_sandbox.world.actions import queue
from callfire_sandbox.world.clock import LATEST
from callfire_sandbox.world.logins import first_login
from callfire_sandbox.world.magic_numbers import MAGIC_NUMBERS
from callfire_sandbox.world.phone_numbers import normal
from callfire_sandbox.world.received import received
from callfire_sandbox.world.state_dump import dump, load
from callfire_sandbox.world.table import public

OUTCOMES = {"finalTextResult": TEXT_RESULT, "finalTextResultLater": TEXT_RESULT, "finalCallResult": CALL_RESULT}
UNIVERSAL = ("inboundCall", "inboundText", "outboundCall", "outboundText")
COMMON: dict[str, Schema] = {
    "fromNumber": STRING,
    "toNumber": STRING,
    "campaignId": LONG,
    "created": LONG,
    "labels": list_of(STRING),
}
INBOUND: dict[str, Schema] = {
    "texts": {
        "type": "object",
        "properties": {**COMMON, "message": STRING, "media": list_of(ref("Media")), "attributes": STRING_MAP},
    },
    "calls": {"type": "object", "properties": {**COMMON, "result": CALL_RESULT, "recordingSeconds": INT}},
}
ACCOUNTS = "/sandbox/accounts"
MAX_LOAD = 1_000_000
MAX_CREDITS = 10**15
NEWEST, NEWEST_BROADCASTS = 200, 50


def receive_texts(control: Control, given: Any) -> Any:
    """Receive one text, or a list of them."""
    return _receive(control, given, "texts")


def receive_calls(control: Control, given: Any) -> Any:
    """Receive one call, or a list of them."""
    return _receive(control, given, "calls")


def _receive(control: Control, given: Any, kind: str) -> Any:
    entries = given if isinstance(given, list) else [given]
    bound = [bind(INBOUND[kind], entry, "body") for entry in entries]
    found = [public(inbound.KINDS[kind](control.world, entry)) for entry in bound]
    return found if isinstance(given, list) else found[0]


def start_load(control: Control, given: Any) -> Any:
    """Start a load of inbound texts or calls: {kind, total, perSecond}."""
    kind, total, per_second = given.get("kind", "texts"), given.get("total"), given.get("perSecond")
    if not isinstance(kind, str) or kind not in inbound.KINDS:
        raise BadRequestError("kind: must be texts or calls.")
    if not _is_whole(total) or not _is_number(per_second):
        raise BadRequestError("total, perSecond: are required. Use numbers.")
    if not 1 <= total <= MAX_LOAD or not 0 < per_second <= MAX_LOAD:
        raise BadRequestError(f"total, perSecond: must be greater than 0 and at most {MAX_LOAD}.")
    world = control.world
    inbound.load(world, kind=kind, total=total, per_second=per_second, done=0, began=world.clock.now())
    return {"started": total}


def _is_whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, float) or _is_whole(value)


def set_switches(control: Control, given: Any) -> Any:
    """Set switches; `profile` sets all others to a profile."""
    values = dict(given)
    base = control.world.switches
    if "profile" in values:
        profile = values.pop("profile")
        if not isinstance(profile, str) or profile not in PROFILES:
            raise BadRequestError(f"profile: must be {' or '.join(PROFILES)}.")
        base = PROFILES[profile]
    try:
        control.world.switches = base.changed(values)
    except ValueError as error:
        raise BadRequestError(str(error)) from error
    return asdict(control.world.switches)


def advance(control: Control, given: Any) -> Any:
    """Advance the clock by {advance} milliseconds and run the tasks that are due."""
    by, clock = given.get("advance"), control.world.clock
    if not _is_whole(by) or by < 0:
        raise BadRequestError("advance: must be a number of milliseconds, 0 or more.")
    if clock.now() + by > LATEST:
        raise BadRequestError("advance: the time would be after the year 9000. Use a smaller number.")
    now = clock.advance(by)
    for account in control.accounts:
        account.world.tasks.run_due(account.world)
        account.save()
    return {"now": now}


def set_outcome(control: Control, given: Any, number: str) -> Any:
    """Set the results of texts and calls to a number: {finalTextResult, finalTextResultLater, finalCallResult}."""
    world, to = control.world, normal(number, short_codes=True)
    if to is None:
        raise BadRequestError("number: the path must contain a phone number. Use 11 digits or a short code.")
    for name, value in given.items():
        if name not in OUTCOMES or value not in OUTCOMES[name]["enum"]:
            raise BadRequestError(f"{name}: use one of {', '.join(OUTCOMES)}, with a result of the API as value.")
    for old in world["outcomes"].where(number=to):
        world["outcomes"].remove(old)
    return world["outcomes"].add({"number": to, **given}) if given else {}


def set_account(control: Control, given: Any) -> Any:
    """Set the {credits} of the account."""
    amount = given.get("credits")
    if not _is_number(amount) or not abs(amount) <= MAX_CREDITS:
        raise BadRequestError(f"credits: must be a number of at most {MAX_CREDITS}.")
    control.world["accounts"].note(control.world.account, credits=float(amount))
    return {"credits": amount}


def add_universal(control: Control, given: Any) -> Any:
    """Add {toNumber, fromNumber (optional)} to the universal do-not-contact list."""
    numbers = {name: normal(str(given[name])) for name in ("toNumber", "fromNumber") if name in given}
    if numbers.get("toNumber") is None:
        raise BadRequestError("toNumber: must be a phone number. Use 11 digits.")
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


def add_account(control: Control, given: Any) -> Any:
    """Add an account {name}."""
    name = given.get("name")
    if not isinstance(name, str):
        raise BadRequestError("name: is required. Use a text.")
    return described(control.accounts.add(name))


def described(control: Control) -> dict[str, Any]:
    """Return what a client needs to use an account: addresses, logins and numbers."""
    world, root = control.world, control.world.base_url.removesuffix("/v2")
    (username, password), (account_username, account_password) = (
        first_login(world, kind) for kind in ("api", "account")
    )
    return {
        "name": control.name,
        "url": world.base_url,
        "adminUrl": f"{root}{ACCOUNTS}/{control.name}",
        "username": username,
        "password": password,
        "accountUsername": account_username,
        "accountPassword": account_password,
        "numbers": [lease["number"] for lease in world["number_leases"]],
    }


def add_fault(control: Control, given: Any) -> Any:
    """Add a fault."""
    return asdict(control.faults.add(given))


def remove_fault(control: Control, _given: Any, number: str) -> Any:
    """Remove one fault."""
    if number not in {str(fault.id) for fault in control.faults}:
        raise NotFoundError("There is no fault with this number.")
    control.faults.remove(int(number))
    return {}


def remove_faults(control: Control, _given: Any) -> Any:
    """Remove all faults."""
    control.faults.remove()
    return {}


def get_received(control: Control, query: Mapping[str, str]) -> Any:
    """Return what was sent, by number; `number` selects one."""
    return received(control.world, query.get("number"))


def get_switches(control: Control, _query: Mapping[str, str]) -> Any:
    """Return all switches."""
    return asdict(control.world.switches)


def get_faults(control: Control, _query: Mapping[str, str]) -> Any:
    """Return the active faults with their counters."""
    return control.faults.dump()


def get_state(control: Control, _query: Mapping[str, str]) -> Any:
    """Return the whole state."""
    return dump(control.world)


def get_requests(control: Control, _query: Mapping[str, str]) -> Any:
    """Return the last requests with their statuses."""
    return list(control.requests)


def get_deliveries(control: Control, _query: Mapping[str, str]) -> Any:
    """Return all webhook deliveries with their attempts."""
    return [public(record) for record in control.world["deliveries"]]


def get_accounts(control: Control, _query: Mapping[str, str]) -> Any:
    """Return all accounts with their addresses, logins and numbers."""
    return [described(account) for account in control.accounts]


def get_magic_numbers(_control: Control, _query: Mapping[str, str]) -> Any:
    """Return the numbers with a fixed behavior: {number, description}."""
    return [{"number": entry.number, "description": entry.about} for entry in MAGIC_NUMBERS]


def get_clock(control: Control, _query: Mapping[str, str]) -> Any:
    """Return the time of the sandbox."""
    return {"now": control.world.clock.now()}


def get_overview(control: Control, _query: Mapping[str, str]) -> Any:
    """Return what the web page shows: the newest records, credits, time, counts and faults."""
    world = control.world
    newest = {name: world[name].newest(NEWEST) for name in ("texts", "calls", "deliveries")}
    broadcasts = [
        {**entry, "kind": name, **progress(control, entry, actions)}
        for name, actions in (("text_broadcasts", "texts"), ("call_broadcasts", "calls"))
        for entry in world[name].newest(NEWEST_BROADCASTS)
    ]
    counts = {name: len(world[name]) for name in ("texts", "calls", "contacts", "webhooks")}
    state = {"now": world.clock.now(), "credits": world.account["_"]["credits"], "counts": counts}
    return readable({**newest, **state, "broadcasts": broadcasts, "faults": control.faults.dump()})


def progress(control: Control, broadcast: Any, table: str) -> dict[str, int]:
    """Return the total and finished recipients of a broadcast."""
    actions, number = control.world[table], broadcast["id"]
    total = actions.count("campaignId", number)
    pending = sum(actions.count("queue", queue(number, phase)) for phase in ("waiting", "sent"))
    return {"total": total, "finished": total - pending}


READS: dict[str, Callable[[Control, Mapping[str, str]], Any]] = {
    "/sandbox/received": get_received,
    "/sandbox/switches": get_switches,
    "/sandbox/faults": get_faults,
    "/sandbox/state": get_state,
    "/sandbox/requests": get_requests,
    "/sandbox/deliveries": get_deliveries,
    "/sandbox/overview": get_overview,
    "/sandbox/clock": get_clock,
    "/sandbox/magic-numbers": get_magic_numbers,
    "/sandbox/accounts": get_accounts,
}

WRITES: dict[tuple[str, str], Callable[..., Any]] = {
    ("POST", "/sandbox/texts"): receive_texts,
    ("POST", "/sandbox/calls"): receive_calls,
    ("POST", "/sandbox/load"): start_load,
    ("PATCH", "/sandbox/switches"): set_switches,
    ("POST", "/sandbox/clock"): advance,
    ("PUT", "/sandbox/outcomes/{number}"): set_outcome,
    ("PATCH", "/sandbox/account"): set_account,
    ("POST", "/sandbox/universal-dncs"): add_universal,
    ("PUT", "/sandbox/state"): load_state,
    ("POST", "/sandbox/reset"): reset,
    ("POST", "/sandbox/accounts"): add_account,
    ("POST", "/sandbox/faults"): add_fault,
    ("DELETE", "/sandbox/faults"): remove_faults,
    ("DELETE", "/sandbox/faults/{number}"): remove_fault,
}

# One list of entries may be received as texts and as calls.
_RECEIVED = (*INBOUND["texts"]["properties"], "result", "recordingSeconds")
# The properties of a body. Requests that are not listed check their body themselves, or ignore it.
PROPERTIES: Mapping[Callable[..., Any], Collection[str]] = {
    receive_texts: _RECEIVED,
    receive_calls: _RECEIVED,
    start_load: ("kind", "total", "perSecond"),
    advance: ("advance",),
    set_account: ("credits",),
    add_universal: ("toNumber", "fromNumber", *UNIVERSAL),
    add_account: ("name",),
}
LISTS = ("/sandbox/texts", "/sandbox/calls")
"""Paths that also accept a list."""
STATE = "/sandbox/state"
