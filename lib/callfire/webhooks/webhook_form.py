"""The form of the webhook trigger: fields and values."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lib.callfire import form
from lib.callfire.api.errors import InvalidSettings
from lib.callfire.api.timeout import TIMEOUT
from lib.callfire.form import Config, FormField
from lib.callfire.operation.selects import WEBHOOK_RESOURCES, objects_of, text_of
from lib.callfire.polling.item_kinds import CALLS, TEXTS, ItemKind
from lib.callfire.polling.polling_form import LONGEST_LOOKBACK

DEFAULT_EVENTS = ("InboundText.finished", "InboundCall.finished")
DEFAULT_INTERVAL = 300  # seconds
DEFAULT_LOOKBACK = 3600
LONGEST_INTERVAL = 24 * 3600
KINDS: Mapping[str, ItemKind] = {kind.resource: kind for kind in (TEXTS, CALLS)}
# Properties that are required to detect repeats and, with `reconcile`, missed events.
_ALWAYS = ("id", "state", "created", "records")

form_fields: dict[str, FormField] = {
    "events": form.multi_select(
        "Events",
        "Events to subscribe to. Default: inbound texts and inbound calls.",
        "webhook_events",
        order=200,
        prompt="Default: inbound texts and inbound calls",
    ),
    "name": form.text_field(
        "Name",
        "Name of the webhooks in CallFire, to which the IDs of flow and step are added. Default: Flow.",
        order=190,
        placeholder="Flow",
    ),
    "fields": form.text_field(
        "Fields to Return",
        "Properties of the text, call or broadcast to return, e.g. message,fromNumber. Default: all. Properties for "
        "the detection of repeats are always included.",
        order=180,
        placeholder="message,fromNumber,toNumber",
    ),
    "reconcile": form.check_box(
        "Recover Missed Events",
        "Also polls CallFire and emits inbound texts and calls whose webhook was not delivered. Runs after a delivery "
        "or a scheduled start.",
        order=170,
    ),
    "reconcileInterval": form.text_field(
        "Recovery Interval (seconds)",
        f"Minimum time between two recoveries. Default: {DEFAULT_INTERVAL}.",
        order=160,
        placeholder=str(DEFAULT_INTERVAL),
    ),
    "lookback": form.text_field(
        "Lookback Window (seconds)",
        f"Time before the newest text or call in which missed items are recovered. Default: {DEFAULT_LOOKBACK}.",
        order=150,
        placeholder=str(DEFAULT_LOOKBACK),
    ),
    "timeout": TIMEOUT,
}


@dataclass(frozen=True)
class WebhookOptions:
    """The values of the form. `events` are {resource: its events}; times are in milliseconds."""

    events: Mapping[str, tuple[str, ...]]
    name: str
    fields: str
    reconciles: bool
    interval: int
    lookback: int

    @classmethod
    def read(cls, config: Config) -> "WebhookOptions":
        """Read the form. Raises `InvalidSettings`, which names the invalid field."""
        return cls(
            events=_events(config.get("events")),
            name=_text(config, "name") or "Flow",
            fields=_text(config, "fields"),
            reconciles=form.is_checked(config, "reconcile"),
            interval=1000 * form.whole(config, "reconcileInterval", DEFAULT_INTERVAL, 0, LONGEST_INTERVAL),
            lookback=1000 * form.whole(config, "lookback", DEFAULT_LOOKBACK, 0, LONGEST_LOOKBACK),
        )

    def wants(self, name: str) -> bool:
        """Return whether an event is selected. `name` is in lower case, e.g. inboundtext.finished."""
        return name in {f"{resource}.{event}".lower() for resource, events in self.events.items() for event in events}

    def kinds(self) -> Iterator[ItemKind]:
        """Yield the kinds of items that can be recovered."""
        yield from (kind for resource, kind in KINDS.items() if self.wants(f"{resource}.finished".lower()))

    def fields_of(self, resource: str) -> str:
        """Return the `fields` of a webhook: empty for all properties."""
        if not self.fields:
            return ""
        plain = re.sub(r"\([^()]*\)", "", self.fields)
        named = {name.split("/")[0].strip() for name in plain.split(",")}
        needed = (*_ALWAYS, KINDS[resource].result) if resource in KINDS else ("id",)
        return ",".join([*(name for name in needed if name not in named), self.fields])


def webhook_events(config: Config) -> dict[str, str]:
    """Return all events of webhooks for the form, most used first: {resource.event: label}.

    Raises a `CallFireError`, which the designer shows.
    """
    from lib.callfire.models import labels  # noqa: PLC0415 (for the designer only)

    found = [
        (resource, event)
        for item in objects_of(config, WEBHOOK_RESOURCES)
        if (resource := text_of(item, "resource"))
        for event in _named_events(item.get("supportedEvents") or item.get("events"))
    ]
    ranked = sorted(found, key=lambda pair: labels.event_rank(*pair))
    return {f"{resource}.{event}": labels.event_label(resource, event) for resource, event in ranked}


def _named_events(listed: Any) -> list[str]:
    return [event for event in listed if isinstance(event, str) and event] if isinstance(listed, list) else []


def _events(value: Any) -> dict[str, tuple[str, ...]]:
    names = value.split(",") if isinstance(value, str) else value or ()
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise InvalidSettings("events: must be a list of names such as InboundText.finished.")
    chosen: dict[str, tuple[str, ...]] = {}
    for name in filter(None, (name.strip() for name in names)):
        resource, _, event = name.partition(".")
        if not resource or not event:
            raise InvalidSettings(f"events: {name[:60]!r} is not an event. Select names such as InboundText.finished.")
        chosen[resource] = (*chosen.get(resource, ()), event)
    return chosen or _events(list(DEFAULT_EVENTS))


def _text(config: Config, name: str) -> str:
    value = config.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidSettings(f"{name}: must be a text.")
    return value.strip()
