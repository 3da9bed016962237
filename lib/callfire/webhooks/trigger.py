"""What the platform calls of the webhook trigger: a delivery is checked, answered, and split into messages.

The platform keeps a request until its message is acknowledged, so it can be answered before its events are emitted:
what is answered with 200 is not lost. Deliveries are worked on one after the other, whatever the step's prefetch, since
each must know what the one before has emitted.
"""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from elasticio import FlowFacts, Message, Step

from lib.callfire.api.client import client_for
from lib.callfire.api.credentials import Credentials
from lib.callfire.api.errors import CallFireError, InvalidSettings
from lib.callfire.form import Config
from lib.callfire.operation.fields import Field, anything, integer, model, text
from lib.callfire.operation.schema import for_designer
from lib.callfire.polling.kinds import Kind, message_id
from lib.callfire.polling.memory import Memory
from lib.callfire.polling.run import Rules, Run
from lib.callfire.polling.sketch import digest_of
from lib.callfire.polling.trigger import MARGIN, Listing, PollingTrigger
from lib.callfire.webhooks import delivery
from lib.callfire.webhooks.form import KINDS, Choices
from lib.callfire.webhooks.registration import Registration, name_of, own_webhooks, remove
from lib.callfire.webhooks.remembered import Remembered

log = logging.getLogger(__name__)
clock = time.time
# So long a delivery may still be on its way: what is looked for must be older (ms).
PATIENCE = 60_000
_MODELS = {
    "InboundText": "Text",
    "OutboundText": "Text",
    "InboundCall": "Call",
    "OutboundCall": "Call",
    "TextBroadcast": "TextBroadcast",
    "CallBroadcast": "CallBroadcast",
    "ContactList": "ContactList",
}
_OUTCOMES = ("state", "status", "finalTextResult", "finalCallResult")
Events = list[tuple[delivery.Event, str]]


class WebhookTrigger:
    """Lives as long as the process; `listings` are the polling triggers by which lost events are looked for."""

    def __init__(self, listings: Mapping[str, PollingTrigger]) -> None:
        self._listings = listings
        self._began = 0
        self._remembered: Remembered | None = None
        self._lock = threading.Lock()

    # Hooks

    def startup(self, config: Config, flow: FlowFacts) -> dict[str, Any]:
        """Register at CallFire what the form names; done twice, it changes nothing."""
        return {"webhooks": [str(number) for number in self._registration(config, flow).ensure()]}

    def init(self, config: Config, flow: FlowFacts) -> None:
        """Begin anew in this process, with webhooks at CallFire that have the right key."""
        self._remembered, self._began = None, int(clock() * 1000)
        if flow.webhook_uri:
            try:
                since = self._registration(config, flow).mend()
                self._began = min(self._began, since or self._began)
            except CallFireError as error:
                log.warning("the webhooks at CallFire could not be checked: %s", error)

    def shutdown(self, config: Config, data: Any, flow: FlowFacts) -> None:
        """Remove the flow's webhooks from CallFire, those that earlier runs have left behind included."""
        client = client_for(config)
        listed = data.get("webhooks") if isinstance(data, Mapping) else None
        known = {int(number) for number in listed or ()}
        remove(client, known | {int(webhook["id"]) for webhook in own_webhooks(client, flow)})

    def _registration(self, config: Config, flow: FlowFacts) -> Registration:
        if not flow.webhook_uri:
            raise InvalidSettings("The platform gave this flow no webhook address: nothing could be registered.")
        credentials, choices = Credentials.from_config(config), Choices.read(config)
        wanted = {}
        for resource, events in choices.events.items():
            fields = choices.fields_of(resource)
            wanted[resource] = {
                "name": name_of(choices.name, flow),
                "callback": flow.webhook_uri,
                "resource": resource,
                "events": list(events),
                "secret": delivery.secret_for(credentials, flow.flow_id, flow.step_id),
                "enabled": True,
                **({"fields": fields} if fields else {}),
            }
        return Registration(client_for(config), flow, wanted)

    # Messages

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Message]:
        """Emit the events of a delivery that are new; then, if wanted, those that were not delivered."""
        choices = Choices.read(config)
        if step.is_debug:
            yield from self._sample(config, choices)
            return
        received: Events = []
        if _is_request(message):
            found = self._received(step, message, config)
            if found is None:
                return
            received = found
        with self._lock:
            if self._remembered is None:
                self._remembered = Remembered.load(snapshot)
            remembered = self._remembered
            if choices.reconciles:
                remembered.begin(choices.kinds(), self._began or int(clock() * 1000))
            yield from self._emit(step, received, choices, remembered)
            if choices.reconciles and self._is_time(remembered, choices, asked=not _is_request(message)):
                yield from self._reconcile(step, config, choices, remembered)

    def get_meta_model(self, config: Config) -> dict[str, Any]:
        """Schema of the events, with that of the one resource they are about."""
        resources = list(Choices.read(config).events)
        about = "What it is about, as CallFire knows it."
        kind = _MODELS.get(resources[0]) if len(resources) == 1 else None
        content: Field = model("resource", kind, about) if kind else anything("resource", about)
        fields = [
            text("resourceType", "What it is about, e.g. InboundText."),
            text("eventType", "What happened, e.g. finished."),
            content,
            integer("timestamp", "When it happened, in Unix milliseconds."),
            integer("webhookId", "CallFire's id of the webhook."),
        ]
        return {"in": for_designer([], inputs=True), "out": for_designer(fields, inputs=False)}

    def _received(self, step: Step, message: Message, config: Config) -> Events | None:
        """The events of a delivery that is CallFire's, already answered; None for one that is refused."""
        raw = message.body.get("rawData") if isinstance(message.body, Mapping) else None
        if not isinstance(raw, str):
            raise CallFireError("The platform did not hand over the raw request: its signature cannot be checked.")
        secret = delivery.secret_for(Credentials.from_config(config), step.flow_id, step.step_id)
        headers: Mapping[str, Any] = getattr(message, "headers", {})
        if not delivery.is_signed(secret, raw.encode(), headers):
            is_there = any(str(name).lower() == delivery.HEADER for name in headers)
            step.logger.warning(
                "refused a request whose signature is %s: it is not CallFire's", "wrong" if is_there else "missing"
            )
            _answer(step, 401, {"error": "the signature is wrong or missing"})
            return None
        try:
            events = delivery.events(raw)
        except ValueError as error:
            step.logger.warning("refused a signed request that is no delivery: %s", error)
            _answer(step, 400, {"error": "this is no list of events"})
            return None
        _answer(step, 200, {})
        return [(event, _outcome(event)) for event in events]

    def _emit(self, step: Step, received: Events, choices: Choices, remembered: Remembered) -> Iterator[Message]:
        emitted = 0
        for event, outcome in received:
            digest = digest_of(event.resource, event.event, event.number, outcome)
            if not choices.wants(event.name) or not remembered.is_new(digest):
                continue
            yield Message(body=dict(event.body), id=message_id(event.resource, event.number, outcome, event.event))
            remembered.add(digest)
            _note(remembered, event, outcome)
            emitted += 1
        if emitted:
            step.emit("snapshot", remembered.dump())
        if emitted < len(received):
            step.logger.info("dropped %d events that were delivered before or not asked for", len(received) - emitted)

    # Lost deliveries

    def _is_time(self, remembered: Remembered, choices: Choices, *, asked: bool) -> bool:
        return asked or int(clock() * 1000) - remembered.reconciled >= choices.interval

    def _reconcile(self, step: Step, config: Config, choices: Choices, remembered: Remembered) -> Iterator[Message]:
        """Emit what CallFire lists and did not deliver. A failure is no reason to fail the delivery that came."""
        ripe = int(clock() * 1000) - min(PATIENCE, choices.interval, choices.lookback)
        for kind in choices.kinds():
            try:
                run = self._look(kind, config, choices, remembered.memories[kind.resource])
            except CallFireError as error:
                step.logger.warning("could not look for lost events, will try again later: %s", error)
                return
            with closing(run):
                for item in run.fresh():
                    if item.moment > ripe:
                        continue
                    digest = digest_of(kind.resource, "finished", item.number, item.outcome)
                    if remembered.is_new(digest):
                        body = {"resourceType": kind.resource, "eventType": "finished", "resource": item.body}
                        yield Message(body=body, id=message_id(kind.resource, item.number, item.outcome))
                        remembered.add(digest)
                    run.note(item)
                if run.doubtful:
                    step.logger.warning("%d events may have been emitted before: too many were lost", run.doubtful)
                remembered.memories[kind.resource] = run.memory()
        remembered.reconciled = int(clock() * 1000)
        step.emit("snapshot", remembered.dump())

    def _look(self, kind: Kind, config: Config, choices: Choices, memory: Memory) -> Run:
        listing = Listing(self._listings[kind.resource], client_for(config), {}, 100)
        pages = listing.pages(min(memory.floor, memory.position[0] - choices.lookback) - MARGIN)
        first = next(pages)
        now = int(clock() * 1000)
        run = Run(kind, Rules(choices.lookback), memory, min(now, listing.date or now), keeps_missing=True)
        run.take(first)
        for items in pages:
            run.take(items)
        return run

    def _sample(self, config: Config, choices: Choices) -> Iterator[Message]:
        """Show what an event looks like, by texts and calls that are there."""
        for kind in choices.kinds():
            listing = Listing(self._listings[kind.resource], client_for(config), {}, 10)
            for item in listing.page(10, 0, None)[:10]:
                yield Message(body={"resourceType": kind.resource, "eventType": "finished", "resource": item})
                return
        raise CallFireError(
            "There is no event to show: samples are made of inbound texts and calls, and this account has none yet."
        )


def _is_request(message: Message) -> bool:
    """Whether a message came through the webhook; else the platform has started the flow by its schedule."""
    raw = isinstance(message.body, Mapping) and "rawData" in message.body
    return raw or bool(getattr(message, "method", None)) or bool(getattr(message, "headers", None))


def _answer(step: Step, status: int, body: Mapping[str, Any]) -> None:
    """Answer the request, if somebody waits for it."""
    if step.incoming.reply_to:
        headers = {"Content-Type": "application/json"}
        step.emit("httpReply", {"statusCode": status, "headers": headers, "body": dict(body)})


def _outcome(event: delivery.Event) -> str:
    kind = KINDS.get(event.resource)
    if kind:
        return kind.outcome(event.content)
    # Of other resources, whatever has changed makes another event.
    return ":".join(str(event.content.get(name) or "") for name in _OUTCOMES)


def _note(remembered: Remembered, event: delivery.Event, outcome: str) -> None:
    """Tell the look for lost events that this one was not lost."""
    memory, kind = remembered.memories.get(event.resource), KINDS.get(event.resource)
    if memory and kind and event.event == "finished" and event.number.isdecimal():
        moment = kind.moment(event.content)
        if moment is not None:
            remembered.memories[event.resource] = memory.noting(moment, int(event.number), outcome)
