"""The form of the webhook trigger, and which events it names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lib.callfire import form
from lib.callfire.api.client import Request, client_for
from lib.callfire.api.errors import InvalidSettings
from lib.callfire.api.timeout import TIMEOUT
from lib.callfire.form import FormField
from lib.callfire.polling.fields import LONGEST_LOOKBACK
from lib.callfire.polling.kinds import CALLS, TEXTS, Kind

DEFAULT_EVENTS = ("InboundText.finished", "InboundCall.finished")
INTERVAL = 300
LOOKBACK = 3600
KINDS: Mapping[str, Kind] = {kind.resource: kind for kind in (TEXTS, CALLS)}
# What must not be left out, for repeats to be recognised and, with `reconcile`, for finding what is missing.
_ALWAYS = ("id", "state", "created", "records")

form_fields: dict[str, FormField] = {
    "events": {
        "viewClass": "MultiSelectView",
        "label": "Events",
        "required": False,
        "order": 200,
        "model": "webhook_events",
        "note": "What to hear of. If empty: inbound texts and inbound calls.",
    },
    "name": {
        "viewClass": "TextFieldView",
        "label": "Name",
        "required": False,
        "order": 190,
        "placeholder": "Flow",
        "note": "Name of the webhook at CallFire; the flow's id is put behind it.",
    },
    "fields": {
        "viewClass": "TextFieldView",
        "label": "Fields",
        "required": False,
        "order": 180,
        "placeholder": "message,fromNumber,toNumber",
        "note": "Only these properties of a text, call or broadcast; all of them if empty. id, and of texts and calls "
        "state, result, created and records, come in any case.",
    },
    "reconcile": {
        "viewClass": "CheckBoxView",
        "label": "Look for lost events",
        "required": False,
        "order": 170,
        "note": "Also ask CallFire for inbound texts and calls from time to time, and emit those that it did not "
        "deliver. Needs a message to begin with: the next delivery, or a scheduled start of the flow.",
    },
    "reconcileInterval": {
        "viewClass": "TextFieldView",
        "label": "Look for lost events every (seconds)",
        "required": False,
        "order": 160,
        "placeholder": str(INTERVAL),
        "note": f"The shortest time between two looks, {INTERVAL} if empty.",
    },
    "lookback": {
        "viewClass": "TextFieldView",
        "label": "Look back (seconds)",
        "required": False,
        "order": 150,
        "placeholder": str(LOOKBACK),
        "note": f"How far behind the newest text or call to look for lost ones, {LOOKBACK} if empty.",
    },
    "timeout": TIMEOUT,
}


@dataclass(frozen=True)
class Choices:
    """What the form says. `events` are {resource: its events}; times are milliseconds."""

    events: Mapping[str, tuple[str, ...]]
    name: str
    fields: str
    reconciles: bool
    interval: int
    lookback: int

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> "Choices":
        """Read the form; `InvalidSettings` names the field that is wrong."""
        return cls(
            events=_events(config.get("events")),
            name=_text(config, "name") or "Flow",
            fields=_text(config, "fields"),
            reconciles=form.is_checked(config, "reconcile"),
            interval=1000 * form.whole(config, "reconcileInterval", INTERVAL, 0, 24 * 3600),
            lookback=1000 * form.whole(config, "lookback", LOOKBACK, 0, LONGEST_LOOKBACK),
        )

    def wants(self, name: str) -> bool:
        """Whether an event (`inboundtext.finished`) is one of those; names are compared without case."""
        return name in {f"{resource}.{event}".lower() for resource, events in self.events.items() for event in events}

    def kinds(self) -> Iterator[Kind]:
        """Yield what can be looked for where a delivery was lost."""
        yield from (kind for resource, kind in KINDS.items() if self.wants(f"{resource}.finished".lower()))

    def fields_of(self, resource: str) -> str:
        """The fields to ask CallFire for: empty for all."""
        if not self.fields:
            return ""
        plain = re.sub(r"\([^()]*\)", "", self.fields)
        named = {name.split("/")[0].strip() for name in plain.split(",")}
        needed = (*_ALWAYS, KINDS[resource].result) if resource in KINDS else ("id",)
        return ",".join([*(name for name in needed if name not in named), self.fields])


def webhook_events(config: Mapping[str, Any]) -> dict[str, str]:
    """All events that webhooks can tell of: {resource.event: label}."""
    request = Request("GET", "/webhooks/resources", "GET /webhooks/resources", repeatable=True)
    value = client_for(config).call(request, tries=2).value
    found = {}
    for entry in value.get("items") or [] if isinstance(value, dict) else value or []:
        for event in entry.get("supportedEvents") or entry.get("events") or []:
            found[f"{entry['resource']}.{event}"] = f"{entry['resource']}: {event}"
    return found or {"": "CallFire offers no webhook resources"}


def _events(value: Any) -> dict[str, tuple[str, ...]]:
    names = value.split(",") if isinstance(value, str) else value or ()
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise InvalidSettings("events: give a list of names such as InboundText.finished")
    chosen: dict[str, tuple[str, ...]] = {}
    for name in filter(None, (name.strip() for name in names)):
        resource, _, event = name.partition(".")
        if not resource or not event:
            raise InvalidSettings(f"events: {name[:60]!r} is no event; they look like InboundText.finished")
        chosen[resource] = (*chosen.get(resource, ()), event)
    return chosen or _events(list(DEFAULT_EVENTS))


def _text(config: Mapping[str, Any], name: str) -> str:
    value = config.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidSettings(f"{name}: give a text")
    return value.strip()
