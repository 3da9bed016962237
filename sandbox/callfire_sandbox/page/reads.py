"""What the page shows, as JSON. Ids beyond 2^53 are strings."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any

from callfire_sandbox.api.models.enums import CALL_RESULT, TEXT_RESULT
from callfire_sandbox.api.operation import OPERATIONS
from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.page.conversations import conversation, conversations, is_waiting
from callfire_sandbox.switches import PROFILES, Switches
from callfire_sandbox.web.admin_commands import described, progress
from callfire_sandbox.web.control import Control
from callfire_sandbox.web.events import readable
from callfire_sandbox.web.faults import EFFECTS
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import SHORT_CODE, World
from callfire_sandbox.world.table import Table, public
from callfire_sandbox.world.webhooks import RESOURCES

LIMIT, MAX_LIMIT = 50, 1000
LISTED = ("deliveries", "media", "webhooks", "recordings")
ONLY_TEXTS, ONLY_CALLS = ("replied", "failed"), ("inbound", "recorded")


def get_setup(control: Control, _query: Mapping[str, str]) -> Any:
    """Return what changes rarely: address, login, numbers, and the choices of forms."""
    world = control.world
    return {
        **described(control),
        "callerIds": [entry["phoneNumber"] for entry in world["caller_ids"] if entry["_"]["verified"]],
        "shortCode": SHORT_CODE,
        "switches": switch_forms(),
        "effects": EFFECTS,
        "operations": sorted(OPERATIONS),
        "textResults": TEXT_RESULT["enum"],
        "callResults": CALL_RESULT["enum"],
        "webhookResources": RESOURCES,
    }


def switch_forms() -> list[dict[str, Any]]:
    """Return {name, about, type, choices, kind, harsh} of each switch; `type` is bool, int, float or str."""
    return [
        {
            "name": entry.name,
            "about": entry.metadata["about"],
            "type": type(entry.default).__name__,
            "choices": entry.metadata["choices"],
            **{profile: getattr(values, entry.name) for profile, values in PROFILES.items()},
        }
        for entry in fields(Switches)
    ]


def get_summary(control: Control, _query: Mapping[str, str]) -> Any:
    """Return {now, credits, counts}: the time, the credits, and how many records of each kind there are."""
    world = control.world
    names = ("texts", "calls", "text_broadcasts", "call_broadcasts", "media", "webhooks", "deliveries")
    default = asdict(Switches())
    counts = {name: len(world[name]) for name in names}
    counts["faults"] = sum(not fault.spent for fault in control.faults)
    counts["switches"] = sum(default[name] != value for name, value in asdict(world.switches).items())
    return {"now": world.clock.now(), "credits": world.account["_"]["credits"], "counts": counts}


def get_conversations(control: Control, query: Mapping[str, str]) -> Any:
    """Return the conversations; `search`, `only` and `limit` select."""
    only = _only(query, ONLY_TEXTS)
    return conversations(control.world, search=query.get("search", ""), only=only, limit=_limit(query))


def get_conversation(control: Control, query: Mapping[str, str]) -> Any:
    """Return texts of the phone `number` with ids below `before`."""
    number = query.get("number", "")
    return conversation(control.world, number, before=_number(query, "before"), limit=_limit(query))


def get_calls(control: Control, query: Mapping[str, str]) -> Any:
    """Return {items, more}: the newest calls; `only` is `inbound`, `recorded` or empty."""
    only, limit, found = _only(query, ONLY_CALLS), _limit(query), []
    for call in reversed(control.world["calls"].rows.values()):
        recorded = only != "recorded" or control.world["recordings"].count("callId", call["id"])
        if not is_waiting(call) and recorded and (only != "inbound" or call["inbound"]):
            found.append(public(call))
            if len(found) > limit:
                break
    return _page(found, limit)


def get_broadcasts(control: Control, query: Mapping[str, str]) -> Any:
    """Return {items, more}: the newest text and call broadcasts with their progress and results."""
    world = control.world
    found: list[Record] = []
    for name, actions in (("text_broadcasts", "texts"), ("call_broadcasts", "calls")):
        entries = _newest(world[name], _number(query, "before"), _limit(query) + 1)
        found += [{**entry, "kind": actions, **progress(control, entry, actions)} for entry in entries]
    found.sort(key=lambda entry: entry["id"], reverse=True)
    return _page(found, _limit(query))


def _reading(name: str) -> Callable[[Control, Mapping[str, str]], Any]:
    def read(control: Control, query: Mapping[str, str]) -> Any:
        """Return {items, more}: the newest records with ids below `before`."""
        limit = _limit(query)
        return _page(_newest(control.world[name], _number(query, "before"), limit + 1), limit)

    return read


def get_requests(control: Control, query: Mapping[str, str]) -> Any:
    """Return {items, more}: the newest requests with their statuses."""
    return _page(list(reversed(control.requests)), _limit(query))


def _newest(table: Table, before: int | None, limit: int) -> list[Record]:
    """Return the public part of at most `limit` records, newest first."""
    found: list[Record] = []
    for number, record in reversed(table.rows.items()):
        if before is None or number < before:
            found.append(public(record))
            if len(found) == limit:
                break
    return found


def _page(found: list[Record], limit: int) -> dict[str, Any]:
    return {"items": found[:limit], "more": len(found) > limit}


def _limit(query: Mapping[str, str]) -> int:
    return min(max(_number(query, "limit") or LIMIT, 1), MAX_LIMIT)


def _only(query: Mapping[str, str], allowed: tuple[str, ...]) -> str:
    only = query.get("only", "")
    if only and only not in allowed:
        raise BadRequestError(f"only: the value must be one of {', '.join(allowed)}.")
    return only


def _number(query: Mapping[str, str], name: str) -> int | None:
    value = query.get(name, "")
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 20):
        raise BadRequestError(f"{name}: the value must be a number.")
    return int(value)


def recording(world: World, number: str) -> bytes | None:
    """Return the MP3 file of a recording, or None."""
    known = world["recordings"].get(int(number)) if number.isdecimal() and len(number) < 20 else None
    return world.files.get(known["id"]) if known else None


def media_file(world: World, key: str) -> tuple[bytes, str] | None:
    """Return content and type of a media file by the key in its public URL, or None."""
    known = world["media"].first(key=key)
    return (world.files[known["id"]], known["mediaType"]) if known else None


PAGE_READS: dict[str, Callable[[Control, Mapping[str, str]], Any]] = {
    "/sandbox/page/setup": get_setup,
    "/sandbox/page/summary": get_summary,
    "/sandbox/page/conversations": get_conversations,
    "/sandbox/page/conversation": get_conversation,
    "/sandbox/page/calls": get_calls,
    "/sandbox/page/broadcasts": get_broadcasts,
    "/sandbox/page/requests": get_requests,
    **{f"/sandbox/page/{name}": _reading(name) for name in LISTED},
}


def read(name: str, control: Control, query: Mapping[str, str]) -> Any:
    """Return the answer of one of PAGE_READS, after the tasks that are due."""
    control.world.tasks.run_due(control.world)
    return readable(PAGE_READS[name](control, query))
