"""Text and call broadcasts, whose operations differ only in names and schemas.

Paths: `/texts/broadcasts` and `/calls/broadcasts`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from callfire_sandbox.api.models.broadcasts import (
    BATCH,
    BATCH_REQUEST,
    CALL_BROADCAST,
    CALL_BROADCAST_STATS,
    TEXT_BROADCAST,
    TEXT_BROADCAST_CREATE_RESPONSE,
    TEXT_BROADCAST_STATS_DTO,
)
from callfire_sandbox.api.models.common import RESOURCE_ID
from callfire_sandbox.api.models.messages import CALL, RECIPIENT, TEXT, TEXT_RECIPIENT
from callfire_sandbox.api.operation import FIELDS, STRICT, Page, Parameter, Request, operation, paging
from callfire_sandbox.api.resources import Filter, Resource, contains, equals, labelled
from callfire_sandbox.api.schema import BOOLEAN, LONG, Schema, items_of, list_of, page_of
from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.operations import calls, texts
from callfire_sandbox.operations.statistics import call_stats, text_stats
from callfire_sandbox.world.batches import refresh_batch, request_batch
from callfire_sandbox.world.broadcasting import (
    CALL_BROADCASTS,
    TEXT_BROADCASTS,
    BroadcastType,
    actions_of,
    add_broadcast,
    add_recipients,
    continue_broadcast,
    default_batch,
    set_action_state,
    set_status,
    start_broadcast,
    stop_broadcast,
    update_broadcast,
)
from callfire_sandbox.world.query import Record, Test
from callfire_sandbox.world.recipients import resolve_recipients
from callfire_sandbox.world.table import public

OF_BROADCAST = equals("broadcastId", LONG, index=True)
OF_CAMPAIGN = equals("campaignId", LONG, index=True)
BATCHES = Resource("batches", "batch", BATCH)


@dataclass(frozen=True)
class BroadcastOperations:
    """The names and schemas of the operations of one broadcast type."""

    broadcast_type: BroadcastType
    path: str
    noun: str
    """As in createTextBroadcast."""
    verb_noun: str
    """As in startVoiceBroadcast."""
    schema: Schema
    recipient: Schema
    action: Schema
    actions: Resource
    stats: Schema
    count: Callable[[list[Record]], dict[str, Any]]
    updated: Schema | None

    def declare(self) -> None:
        """Declare all operations of the broadcast type."""
        kind = self.broadcast_type
        resource = Resource(
            kind.table, kind.noun, self.schema, listed=lambda record: bool(record["status"] != "ARCHIVED")
        )
        resource.find(
            f"find{self.noun}s",
            f"GET {self.path}",
            f"Find {kind.noun}s",
            contains("name", "name"),
            labelled(),
            in_status("running", "RUNNING"),
            in_status("scheduled", "SCHEDULED"),
            limit=10,
            by_time=True,
        )
        resource.get(f"get{self.noun}", f"GET {self.path}/{{id}}", f"Find a specific {kind.noun}")
        for part in (_declare_writes, _declare_states, _declare_recipients, _declare_batches, _declare_lists):
            part(self, resource)


def in_status(name: str, status: str) -> Filter:
    """Return a boolean filter for a status."""

    def test(value: bool) -> Test:
        return lambda record: (record["status"] == status) is value

    return Filter(Parameter(name, BOOLEAN), test)


def _declare_writes(names: BroadcastOperations, resource: Resource) -> None:
    kind = names.broadcast_type

    @operation(
        f"create{names.noun}",
        f"POST {names.path}",
        Parameter("start", BOOLEAN, default=False),
        STRICT,
        body=names.schema,
        returns=RESOURCE_ID,
        status=201,
        title=f"Create a {kind.noun}",
    )
    def create(request: Request) -> Record:
        query = request.query
        made = add_broadcast(request.world, kind, request.body, start=query["start"], strict=query["strictValidation"])
        return {"id": made["id"]}

    @operation(
        f"update{names.noun}",
        f"PUT {names.path}/{{id}}",
        STRICT,
        body=names.schema,
        returns=names.updated,
        title=f"Update a {kind.noun}",
    )
    def update(request: Request) -> Record | None:
        broadcast, world = resource.need(request), request.world
        update_broadcast(world, kind, broadcast, request.body)
        return {"id": broadcast["id"]} if names.updated and world.switches.update_answers_id else None


def _declare_states(names: BroadcastOperations, resource: Resource) -> None:
    kind = names.broadcast_type

    def start(request: Request) -> None:
        start_broadcast(request.world, kind, resource.need(request))

    def stop(request: Request) -> None:
        stop_broadcast(request.world, kind, resource.need(request))

    def archive(request: Request) -> None:
        broadcast = resource.need(request)
        if broadcast["status"] == "RUNNING":
            raise BadRequestError(f"A {kind.noun} in status RUNNING cannot be archived. Stop it first.")
        set_status(request.world, kind, broadcast, "ARCHIVED")

    for verb, handler in (("start", start), ("stop", stop), ("archive", archive)):
        title = f"{verb.capitalize()} a {kind.noun}"
        operation(f"{verb}{names.verb_noun}", f"POST {names.path}/{{id}}/{verb}", title=title)(handler)


def _declare_recipients(names: BroadcastOperations, resource: Resource) -> None:
    kind = names.broadcast_type

    @operation(
        f"add{names.noun}Recipients",
        f"POST {names.path}/{{id}}/recipients",
        FIELDS,
        STRICT,
        body=list_of(names.recipient),
        returns=items_of(names.action),
        title=f"Add recipients to a {kind.noun}",
    )
    def add(request: Request) -> Record:
        broadcast, world = resource.need(request), request.world
        strict = request.query["strictValidation"]
        found = resolve_recipients(world, request.body, strict=strict, short_codes=kind.short_codes)
        actions = add_recipients(world, kind, broadcast, found, default_batch(world, broadcast))
        return {"items": [public(action) for action in actions]}

    @operation(
        f"toggle{names.noun}RecipientsStatus",
        f"POST {names.path}/{{id}}/toggleRecipientsStatus",
        Parameter("enable", BOOLEAN, default=False),
        body=list_of(RECIPIENT),
        title="Disable or enable recipients of a broadcast that were not contacted yet",
    )
    def toggle(request: Request) -> None:
        broadcast, world = resource.need(request), request.world
        found = resolve_recipients(world, request.body, strict=False, short_codes=kind.short_codes)
        numbers = {recipient.number for recipient in found}
        before, after = ("DISABLED", "READY") if request.query["enable"] else ("READY", "DISABLED")
        for action in actions_of(world, kind, broadcast):
            if action["toNumber"] in numbers and action["state"] == before and "sent" not in action["_"]:
                set_action_state(world, kind, action, after)
        continue_broadcast(world, kind, broadcast)


def _declare_batches(names: BroadcastOperations, resource: Resource) -> None:
    kind = names.broadcast_type

    @operation(
        f"get{names.noun}Batches",
        f"GET {names.path}/{{id}}/batches",
        FIELDS,
        *paging(),
        returns=page_of(BATCH),
        title=f"Find batches in a {kind.noun}",
    )
    def batches(request: Request) -> Page:
        broadcast = resource.need(request)
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
        title=f"Add batches to a {kind.noun}",
    )
    def add_batch(request: Request) -> Record:
        strict = request.query["strictValidation"]
        return {"id": request_batch(request.world, kind, resource.need(request), request.body, strict=strict)["id"]}


def _declare_lists(names: BroadcastOperations, resource: Resource) -> None:
    kind = names.broadcast_type
    table = kind.action_type.table
    batch_id = equals("batchId", LONG, index=True)

    @operation(
        f"get{names.noun}{table.capitalize()}",
        f"GET {names.path}/{{id}}/{table}",
        batch_id.parameter,
        FIELDS,
        *paging(),
        returns=page_of(names.action),
        title=f"Find {table} in a {kind.noun}",
    )
    def actions(request: Request) -> Page:
        return names.actions.page(request, (batch_id,), fixed=((OF_CAMPAIGN, resource.need(request)["id"]),))

    @operation(
        f"get{names.noun}Stats",
        f"GET {names.path}/{{id}}/stats",
        FIELDS,
        Parameter("begin", LONG),
        Parameter("end", LONG),
        returns=names.stats,
        title=f"Get statistics on a {kind.noun}",
    )
    def stats(request: Request) -> Record:
        begin, end = request.query["begin"] or 0, request.query["end"]
        found = actions_of(request.world, kind, resource.need(request))
        return names.count(
            [action for action in found if begin <= action["created"] and (end is None or action["created"] <= end)]
        )


BroadcastOperations(
    broadcast_type=TEXT_BROADCASTS,
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
).declare()
BroadcastOperations(
    broadcast_type=CALL_BROADCASTS,
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
).declare()
