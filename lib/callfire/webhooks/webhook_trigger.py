"""The webhook trigger: it checks a delivery, replies to it, and emits a message per event.

The platform keeps a delivery until its message is acknowledged. The trigger can therefore reply with status 200 before
it emits the events. Deliveries are processed one at a time, independent of the prefetch, because each depends on the
emitted events of the previous one.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from elasticio import FlowFacts, Message, Step

from lib.callfire import clock
from lib.callfire.api.client import client_for
from lib.callfire.api.credentials import Credentials
from lib.callfire.api.errors import CallFireError, InvalidSettings
from lib.callfire.form import Config
from lib.callfire.operation.schema import for_designer
from lib.callfire.polling.item_kinds import SENT_TEXTS, ItemKind, UnreadableItemError, message_id, number_of, printable
from lib.callfire.polling.polling_run import PollingRules, PollingRun
from lib.callfire.polling.polling_snapshot import PollingSnapshot
from lib.callfire.polling.polling_trigger import MARGIN, PollingTrigger
from lib.callfire.polling.sketch import digest_of
from lib.callfire.webhooks import webhook_delivery
from lib.callfire.webhooks.webhook_delivery import WebhookEvent
from lib.callfire.webhooks.webhook_form import KINDS, WebhookOptions
from lib.callfire.webhooks.webhook_registration import WebhookRegistration, name_of, own_webhooks, remove
from lib.callfire.webhooks.webhook_snapshot import WebhookSnapshot

log = logging.getLogger(__name__)
# CallFire may still deliver younger events. The next recovery handles them.
DELIVERY_TIME = 60_000  # milliseconds
SAMPLES = 10
RECOVERY_PAGE_SIZE = 100
# The polling trigger for results derives the message ID from the same outcome.
_OUTCOME_KINDS = {**KINDS, SENT_TEXTS.resource: SENT_TEXTS}
_OUTCOMES = ("state", "status", "finalTextResult", "finalCallResult")


class WebhookTrigger:
    """The trigger of this process. `polling` has the triggers for recovery: {resource: trigger}."""

    def __init__(self, polling: Mapping[str, PollingTrigger]) -> None:
        self._polling = polling
        self._began = 0
        self._snapshot: WebhookSnapshot | None = None
        self._lock = threading.Lock()

    # Hooks

    def startup(self, config: Config, flow: FlowFacts) -> dict[str, Any]:
        """Create the webhooks of the form's events. Returns {"webhooks": their IDs}. A second call changes nothing."""
        return {"webhooks": [str(number) for number in self._registration(config, flow).create()]}

    def init(self, config: Config, flow: FlowFacts) -> None:
        """Update the secrets of the webhooks at the start of the process. A failure is logged."""
        self._snapshot, self._began = None, clock.unix_ms()
        if flow.webhook_uri:
            try:
                since = self._registration(config, flow).update()
                self._began = min(self._began, since or self._began)
            except CallFireError as error:
                log.warning("Check of the webhooks in CallFire failed: %s", error)

    def shutdown(self, config: Config, data: Any, flow: FlowFacts) -> None:
        """Delete the flow's webhooks, including those of earlier runs. `data` is the result of `startup`."""
        client = client_for(config)
        listed = data.get("webhooks") if isinstance(data, Mapping) else None
        known = {int(number) for number in listed or ()}
        remove(client, known | {int(webhook["id"]) for webhook in own_webhooks(client, flow)})

    def _registration(self, config: Config, flow: FlowFacts) -> WebhookRegistration:
        if not flow.webhook_uri:
            raise InvalidSettings(
                "The platform provides no webhook URL for this flow. No webhook was created. Check the flow."
            )
        credentials, options = Credentials.from_config(config), WebhookOptions.read(config)
        wanted = {}
        for resource, events in options.events.items():
            fields = options.fields_of(resource)
            wanted[resource] = {
                "name": name_of(options.name, flow),
                "callback": flow.webhook_uri,
                "resource": resource,
                "events": list(events),
                "secret": webhook_delivery.secret_for(credentials, flow.flow_id, flow.step_id),
                "enabled": True,
                **({"fields": fields} if fields else {}),
            }
        return WebhookRegistration(client_for(config), flow, wanted)

    # Messages

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Message]:
        """Emit the new events of a delivery. With the form's reconcile, then recover missed events."""
        options = WebhookOptions.read(config)
        if step.is_debug:
            yield from self._sample(config, options)
            return
        is_delivery = _is_request(message)
        events = self._accepted(step, message, config) if is_delivery else []
        if events is None:
            return
        with self._lock:
            if self._snapshot is None:
                self._snapshot = WebhookSnapshot.load(snapshot)
            if options.reconciles:
                self._snapshot.recover(options.kinds(), self._began or clock.unix_ms())
            yield from self._emit(step, events, options, self._snapshot)
            is_time = clock.unix_ms() - self._snapshot.reconciled >= options.interval
            if options.reconciles and (is_time or not is_delivery):
                yield from self._recover(step, config, options, self._snapshot)

    def get_meta_model(self, config: Config) -> dict[str, Any]:
        """Return the schemas {"in", "out"}. The output depends on the form's events."""
        from lib.callfire.webhooks.webhook_output import event_schema  # noqa: PLC0415 (for the designer only)

        events = WebhookOptions.read(config).events
        is_default = events == WebhookOptions.read({}).events
        return {"in": for_designer([], inputs=True), "out": event_schema(events, is_default=is_default)}

    def _accepted(self, step: Step, message: Message, config: Config) -> list[WebhookEvent] | None:
        """Reply to a request. Returns the events of a delivery from CallFire; None if the request is rejected."""
        raw = message.body.get("rawData") if isinstance(message.body, Mapping) else None
        if not isinstance(raw, str):
            raise CallFireError(
                "The message contains no raw request, so its signature cannot be checked. Check consumesRawData in "
                "component.json."
            )
        secret = webhook_delivery.secret_for(Credentials.from_config(config), step.flow_id, step.step_id)
        headers: Mapping[str, Any] = message.headers
        if not webhook_delivery.is_signed(secret, raw.encode("utf-8", "replace"), headers):
            is_there = any(str(name).lower() == webhook_delivery.HEADER for name in headers)
            step.logger.warning("Rejected a request with a %s signature", "wrong" if is_there else "missing")
            _answer(step, 401, {"error": "The signature is wrong or missing."})
            return None
        try:
            events = webhook_delivery.events_of(raw)
        except ValueError as error:
            step.logger.warning("Rejected a signed request that is not a delivery: reason=%s", error)
            _answer(step, 400, {"error": "The body must be an object with a list of events."})
            return None
        _answer(step, 200, {})
        return events

    def _emit(
        self, step: Step, events: list[WebhookEvent], options: WebhookOptions, snapshot: WebhookSnapshot
    ) -> Iterator[Message]:
        emitted = 0
        for event in events:
            outcome = _outcome(event)
            digest = digest_of(event.resource, event.event, event.number, outcome)
            if not options.wants(event.name) or not snapshot.is_new(digest):
                continue
            yield Message(body=dict(event.body), id=message_id(event.resource, event.number, outcome, event.event))
            snapshot.add(digest)
            _note(snapshot, event, outcome)
            emitted += 1
        if emitted:
            step.emit("snapshot", snapshot.dump())
        if emitted < len(events):
            step.logger.info("Dropped %d events that were emitted before or are not selected", len(events) - emitted)

    # Recovery of missed events

    def _recover(
        self, step: Step, config: Config, options: WebhookOptions, snapshot: WebhookSnapshot
    ) -> Iterator[Message]:
        """Emit items that CallFire lists but did not deliver. A failure is logged, because the delivery was emitted."""
        latest = clock.unix_ms() - min(DELIVERY_TIME, options.interval, options.lookback)
        for kind in options.kinds():
            try:
                run = self._poll(step, kind, config, options, snapshot.items[kind.resource])
            except CallFireError as error:
                step.logger.warning("Recovery of missed events failed, retrying later: %s", error)
                return
            with closing(run):
                yield from self._missed(step, kind, run, snapshot, latest)
                snapshot.items[kind.resource] = run.snapshot()
        snapshot.reconciled = clock.unix_ms()
        step.emit("snapshot", snapshot.dump())

    def _missed(
        self, step: Step, kind: ItemKind, run: PollingRun, snapshot: WebhookSnapshot, latest: int
    ) -> Iterator[Message]:
        for item in run.fresh():
            if item.moment > latest:
                continue
            digest = digest_of(kind.resource, "finished", item.number, item.outcome)
            if snapshot.is_new(digest):
                body = {"resourceType": kind.resource, "eventType": "finished", "resource": item.body}
                yield Message(body=body, id=message_id(kind.resource, item.number, item.outcome))
                snapshot.add(digest)
            run.note(item)
        if run.doubtful:
            step.logger.warning(
                "%d events may have been emitted before: there are too many missed events to tell them apart",
                run.doubtful,
            )

    def _poll(
        self, step: Step, kind: ItemKind, config: Config, options: WebhookOptions, before: PollingSnapshot
    ) -> PollingRun:
        """Return a run with the items of a kind within the lookback window."""
        trigger = self._polling[kind.resource]
        inbound = trigger.source(client_for(config), {}, RECOVERY_PAGE_SIZE)
        begin = min(before.floor, before.position[0] - options.lookback) - MARGIN
        pages = inbound.pages(begin, before.start)
        first_page = next(pages)
        now = clock.unix_ms()
        rules = PollingRules(options.lookback)
        run = PollingRun(kind, rules, before, min(now, inbound.server_time or now), keeps_missing=True)
        run.take(first_page)
        for page in pages:
            run.take(page)
        trigger.unreadable.warn(step, kind.resource, run.unreadable)
        return run

    def _sample(self, config: Config, options: WebhookOptions) -> Iterator[Message]:
        """Emit a sample event with an inbound text or call of the account."""
        for kind in options.kinds():
            inbound = self._polling[kind.resource].source(client_for(config), {}, SAMPLES)
            for item in inbound.page(SAMPLES, None):
                yield Message(body={"resourceType": kind.resource, "eventType": "finished", "resource": item})
                return
        raise CallFireError(
            "No sample available: samples contain an inbound text or call, and the account has none. Send a text "
            "to one of your numbers, then retrieve the sample again."
        )


def _is_request(message: Message) -> bool:
    """Return whether a message is a request to the webhook. Otherwise the platform started the flow by schedule."""
    has_raw_data = isinstance(message.body, Mapping) and "rawData" in message.body
    return has_raw_data or bool(message.method) or bool(message.headers)


def _answer(step: Step, status: int, body: Mapping[str, Any]) -> None:
    """Emit the HTTP reply to a request, if the platform waits for a reply."""
    if step.incoming.reply_to:
        headers = {"Content-Type": "application/json"}
        step.emit("httpReply", {"statusCode": status, "headers": headers, "body": dict(body)})


def _outcome(event: WebhookEvent) -> str:
    """Return the outcome of an event as text. Another text means another event."""
    if kind := _OUTCOME_KINDS.get(event.resource):
        return kind.outcome(event.content)
    return printable(":".join(str(event.content.get(name) or "") for name in _OUTCOMES))


def _note(snapshot: WebhookSnapshot, event: WebhookEvent, outcome: str) -> None:
    """Record for the recovery that an event was delivered."""
    items, kind = snapshot.items.get(event.resource), KINDS.get(event.resource)
    if not items or not kind or event.event != "finished":
        return
    try:
        number, moment = number_of(event.content), kind.moment(event.content)
    except UnreadableItemError:
        return
    if moment is not None:
        snapshot.items[event.resource] = items.noting(moment, number, outcome)
