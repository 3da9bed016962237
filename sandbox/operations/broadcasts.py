"""Text and call broadcasts, which differ in little but their names (`/texts/broadcasts`, `/calls/broadcasts`)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.api.models.broadcasts import (
    BATCH,
    BATCH_REQUEST,
    CALL_BROADCAST,
    CALL_BROADCAST_STATS,
    TEXT_BROADCAST,
    TEXT_BROADCAST_CREATE_RESPONSE,
    TEXT_BROADCAST_STATS_DTO,
)
from sandbox.api.models.common import RESOURCE_ID
from sandbox.api.models.messages import CALL, RECIPIENT, TEXT, TEXT_RECIPIENT
from sandbox.api.operation import FIELDS, STRICT, Page, Parameter, Request, operation, paging
from sandbox.api.resources import Filter, Kind, contains, equals, labelled
from sandbox.api.schema import BOOLEAN, LONG, Schema, items_of, list_of, page_of
from sandbox.errors import BadRequest
from sandbox.operations import calls, texts
from sandbox.operations.statistics import call_stats, text_stats
from sandbox.world.broadcasting import (
    CALL_BROADCASTS,
    TEXT_BROADCASTS,
    Flavour,
    actions_of,
    add_broadcast,
    add_recipients,
    nudge,
    refresh_batch,
    request_batch,
    set_status,
    start_broadcast,
    stop_broadcast,
    turn,
)
from sandbox.world.calling import check_sounds
from sandbox.world.query import Record, Test
from sandbox.world.recipients import targets
from sandbox.world.store import public
from sandbox.world.texting import TEXTS

OF_BROADCAST = equals("broadcastId", LONG, index=True)
OF_CAMPAIGN = equals("campaignId", LONG, index=True)
BATCHES = Kind("batches", "batch", BATCH)


@dataclass(frozen=True)
class Names:
    """How the operations of one flavour are called, and what they take and give."""

    flavour: Flavour
    path: str
    noun: str
    """As in createTextBroadcast."""
    verb_noun: str
    """As in startVoiceBroadcast."""
    schema: Schema
    recipient: Schema
    action: Schema
    actions: Kind
    stats: Schema
    count: Callable[[list[Record]], dict[str, Any]]
    updated: Schema | None


def in_status(name: str, status: str) -> Filter:
    """Whether the broadcast is in a status, asked as true or false."""

    def test(value: bool) -> Test:
        return lambda record: (record["status"] == status) is value

    return Filter(Parameter(name, BOOLEAN), test)


def declare(names: Names) -> None:
    """Declare all operations of one flavour."""
    flavour = names.flavour
    kind = Kind(flavour.table, flavour.what, names.schema, listed=lambda record: record["status"] != "ARCHIVED")
    kind.find(
        f"find{names.noun}s",
        f"GET {names.path}",
        f"Find {flavour.what}s",
        contains("name", "name"),
        labelled(),
        in_status("running", "RUNNING"),
        in_status("scheduled", "SCHEDULED"),
        limit=10,
        by_time=True,
    )
    kind.get(f"get{names.noun}", f"GET {names.path}/{{id}}", f"Find a specific {flavour.what}")
    _declare_writes(names, kind)
    _declare_states(names, kind)
    _declare_recipients(names, kind)
    _declare_batches(names, kind)
    _declare_lists(names, kind)


def _declare_writes(names: Names, kind: Kind) -> None:
    flavour = names.flavour

    @operation(
        f"create{names.noun}",
        f"POST {names.path}",
        Parameter("start", BOOLEAN, default=False),
        STRICT,
        body=names.schema,
        returns=RESOURCE_ID,
        status=201,
        title=f"Create a {flavour.what}",
    )
    def create(request: Request) -> Record:
        query = request.query
        made = add_broadcast(
            request.world, flavour, request.body, start=query["start"], strict=query["strictValidation"]
        )
        return {"id": made["id"]}

    @operation(
        f"update{names.noun}",
        f"PUT {names.path}/{{id}}",
        STRICT,
        body=names.schema,
        returns=names.updated,
        title=f"Update a {flavour.what}",
    )
    def update(request: Request) -> Record | None:
        broadcast, world = kind.need(request), request.world
        if broadcast["status"] in ("RUNNING", "ARCHIVED"):
            raise BadRequest(f"a {flavour.what} that is {broadcast['status']} cannot be changed")
        check_sounds(world, request.body.get("sounds", {}))
        fixed = ("id", "status", "lastModified", "recipients")
        values = {name: value for name, value in request.body.items() if name not in fixed}
        world[flavour.table].change(broadcast, **values, lastModified=world.time())
        return {"id": broadcast["id"]} if names.updated and world.switches.update_answers_id else None


def _declare_states(names: Names, kind: Kind) -> None:
    flavour = names.flavour

    def start(request: Request) -> None:
        start_broadcast(request.world, flavour, kind.need(request))

    def stop(request: Request) -> None:
        stop_broadcast(request.world, flavour, kind.need(request))

    def archive(request: Request) -> None:
        broadcast = kind.need(request)
        if broadcast["status"] == "RUNNING":
            raise BadRequest(f"a {flavour.what} that is RUNNING cannot be archived")
        set_status(request.world, flavour, broadcast, "ARCHIVED")

    for verb, handler in (("start", start), ("stop", stop), ("archive", archive)):
        title = f"{verb.capitalize()} a {flavour.what}"
        operation(f"{verb}{names.verb_noun}", f"POST {names.path}/{{id}}/{verb}", title=title)(handler)


def _declare_recipients(names: Names, kind: Kind) -> None:
    flavour = names.flavour
    short_codes = flavour.trade is TEXTS

    @operation(
        f"add{names.noun}Recipients",
        f"POST {names.path}/{{id}}/recipients",
        FIELDS,
        STRICT,
        body=list_of(names.recipient),
        returns=items_of(names.action),
        title=f"Add recipients to a {flavour.what}",
    )
    def add(request: Request) -> Record:
        broadcast, world = kind.need(request), request.world
        found = targets(world, request.body, strict=request.query["strictValidation"], short_codes=short_codes)
        for target in found:
            flavour.prepare(world, target, broadcast)
        return {"items": [public(action) for action in add_recipients(world, flavour, broadcast, found, None)]}

    @operation(
        f"toggle{names.noun}RecipientsStatus",
        f"POST {names.path}/{{id}}/toggleRecipientsStatus",
        Parameter("enable", BOOLEAN, default=False),
        body=list_of(RECIPIENT),
        title="Disable/enable undialed recipients in broadcast",
    )
    def toggle(request: Request) -> None:
        broadcast, world = kind.need(request), request.world
        numbers = {target.number for target in targets(world, request.body, strict=False, short_codes=short_codes)}
        before, after = ("DISABLED", "READY") if request.query["enable"] else ("READY", "DISABLED")
        for action in actions_of(world, flavour, broadcast):
            if action["toNumber"] in numbers and action["state"] == before and "sent" not in action["_"]:
                turn(world, flavour, action, after)
        nudge(world, flavour, broadcast)


def _declare_batches(names: Names, kind: Kind) -> None:
    flavour = names.flavour

    @operation(
        f"get{names.noun}Batches",
        f"GET {names.path}/{{id}}/batches",
        FIELDS,
        *paging(),
        returns=page_of(BATCH),
        title=f"Find batches in a {flavour.what}",
    )
    def batches(request: Request) -> Page:
        broadcast = kind.need(request)
        for batch in request.world["batches"].where(broadcastId=broadcast["id"]):
            refresh_batch(request.world, batch)
        return BATCHES.page(request, fixed=((OF_BROADCAST, broadcast["id"]),))

    @operation(
        f"add{names.noun}Batch",
        f"POST {names.path}/{{id}}/batches",
        STRICT,
        body=BATCH_REQUEST,
        returns=RESOURCE_ID,
        status=201,
        title=f"Add batches to a {flavour.what}",
    )
    def add_batch(request: Request) -> Record:
        strict = request.query["strictValidation"]
        return {"id": request_batch(request.world, flavour, kind.need(request), request.body, strict=strict)["id"]}


def _declare_lists(names: Names, kind: Kind) -> None:
    flavour = names.flavour
    table = flavour.trade.table
    batch_id = equals("batchId", LONG, index=True)

    @operation(
        f"get{names.noun}{table.capitalize()}",
        f"GET {names.path}/{{id}}/{table}",
        batch_id.parameter,
        FIELDS,
        *paging(),
        returns=page_of(names.action),
        title=f"Find {table} in a {flavour.what}",
    )
    def actions(request: Request) -> Page:
        return names.actions.page(request, (batch_id,), fixed=((OF_CAMPAIGN, kind.need(request)["id"]),))

    @operation(
        f"get{names.noun}Stats",
        f"GET {names.path}/{{id}}/stats",
        FIELDS,
        Parameter("begin", LONG),
        Parameter("end", LONG),
        returns=names.stats,
        title=f"Get statistics on a {flavour.what}",
    )
    def stats(request: Request) -> Record:
        begin, end = request.query["begin"] or 0, request.query["end"]
        found = actions_of(request.world, flavour, kind.need(request))
        return names.count(
            [action for action in found if begin <= action["created"] and (end is None or action["created"] <= end)]
        )


declare(
    Names(
        flavour=TEXT_BROADCASTS,
        path="/texts/broadcasts",
        noun="TextBroadcast",
        verb_noun="TextBroadcast",
        schema=TEXT_BROADCAST,
        recipient=TEXT_RECIPIENT,
        action=TEXT,
        actions=texts.TEXTS,
        stats=TEXT_BROADCAST_STATS_DTO,
        count=text_stats,
        updated=TEXT_BROADCAST_CREATE_RESPONSE,
    )
)
declare(
    Names(
        flavour=CALL_BROADCASTS,
        path="/calls/broadcasts",
        noun="CallBroadcast",
        verb_noun="VoiceBroadcast",
        schema=CALL_BROADCAST,
        recipient=RECIPIENT,
        action=CALL,
        actions=calls.CALLS,
        stats=CALL_BROADCAST_STATS,
        count=call_stats,
        updated=None,
    )
)
