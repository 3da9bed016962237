"""New inbound texts

Starts the flow for each text your numbers receive, oldest first. Without a start time only texts that arrive after the
flow was switched on count.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from lib.callfire import form, paging
from lib.callfire.client import Client, client_for
from lib.callfire.errors import CallFireError, InvalidSettings
from lib.callfire.fields import boolean
from lib.callfire.groups import INTERVAL, PAGE
from lib.callfire.inputs import milliseconds
from lib.callfire.operation import GET, Operation
from lib.callfire.returns import page_of
from lib.callfire.settings import Settings
from lib.callfire.step import Config, Incoming, Payload, Step, handing_back

VERSION = 1
SAMPLES = 10
# It is not known whether CallFire's interval looks at the time a text was created, modified or finished, whether its
# bounds are inclusive, nor whether these times agree to the second: ask for some minutes more, and choose by `created`.
MARGIN = 5 * 60 * 1000

operation = Operation(
    GET("/texts"),
    query=(boolean("inbound", "true: only received texts."), *INTERVAL, *PAGE),
    returns=page_of("Text"),
)
form_fields: Mapping[str, form.FormField] = {
    "startTime": {
        "viewClass": "TextFieldView",
        "label": "Start time",
        "required": False,
        "order": 100,
        "placeholder": "2024-05-31T09:00:00Z",
        "note": "Texts from this moment on: ISO 8601 (UTC without a zone) or Unix milliseconds. If empty: from when "
        "the "
        "flow is switched on.",
    },
    "pageSize": form.PAGE_SIZE | {"note": f"Texts asked for with each request, {form.DEFAULT_PAGE_SIZE} if empty."},
    "errorPolicy": form.ERROR_POLICY,
    "timeout": form.TIMEOUT,
}


def process(step: Step, message: Incoming, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG001
    """Emit what has come in since the snapshot, then remember how far that was."""
    with handing_back(config):
        client = client_for(Settings.from_config(config))
        if step.is_debug:
            yield from _sample(client, config)
            return
        since, seen = _remembered(snapshot, config)
        fresh = _new_texts(client, since, seen, form.page_size(config))
        yield from ({"body": text} for text in fresh)
        after = _advanced(since, seen, fresh)
        if after != snapshot:
            step.emit("snapshot", after)


def _new_texts(client: Client, since: int, seen: set[int], size: int) -> list[dict[str, Any]]:
    """All inbound texts created at `since` (milliseconds) or later that were not seen, oldest first."""

    def fetch(limit: int, offset: int) -> dict[str, Any]:
        values = {"inbound": True, "intervalBegin": max(0, since - MARGIN), "limit": limit, "offset": offset}
        return client.call(operation.request(values)).value or {}

    pages = paging.walk(fetch, size)
    texts = [text for page in pages for text in page["items"] if text.get("inbound") is not False]
    fresh = [text for text in texts if _created(text, since) >= since and text["id"] not in seen]
    return sorted(fresh, key=lambda text: (_created(text, since), text["id"]))


def _advanced(since: int, seen: set[int], fresh: list[dict[str, Any]]) -> dict[str, Any]:
    """The snapshot after `fresh`: the last second that had a text, and the ids of all texts since its beginning."""
    latest = max((_created(text, since) for text in fresh), default=since)
    second = max(since, latest - latest % 1000)
    # Ids of the same second as before stay: another text of that second may still come.
    kept = seen if second // 1000 == since // 1000 else set()
    recent = kept | {text["id"] for text in fresh if _created(text, since) >= second}
    return {"version": VERSION, "since": second, "seen": sorted(recent)}


def _created(text: Mapping[str, Any], otherwise: int) -> int:
    value = text.get("created")
    return value if isinstance(value, int) else otherwise


def _remembered(snapshot: Any, config: Config) -> tuple[int, set[int]]:
    """Where the last run ended; where the form says, or now, for the first one."""
    if not snapshot:
        start = _start(config.get("startTime"))
        return start - start % 1000, set()  # CallFire's times may be whole seconds
    if not isinstance(snapshot, Mapping) or snapshot.get("version") != VERSION:
        raise CallFireError("The snapshot is none of this trigger's. Reset it in the platform to start from startTime.")
    return int(snapshot["since"]), set(snapshot["seen"])


def _start(value: Any) -> int:
    if value is None or value == "":
        return int(time.time() * 1000)
    if isinstance(value, int) or (isinstance(value, str) and value.isascii() and value.isdigit()):
        return int(value)
    moment = milliseconds(value) if isinstance(value, str) else None
    if moment is None:
        raise InvalidSettings("startTime: give Unix milliseconds, or ISO 8601 such as 2024-05-31T09:00:00Z")
    return moment


def _sample(client: Client, config: Config) -> Iterator[Payload]:
    """At most ten texts for the designer; nothing is remembered."""
    values: dict[str, Any] = {"inbound": True, "limit": SAMPLES, "offset": 0}
    if config.get("startTime"):
        values["intervalBegin"] = _start(config["startTime"])
    texts = (client.call(operation.request(values)).value or {}).get("items") or []
    if not texts:
        raise CallFireError("There is no inbound text to show yet. Send one to a number of this account and try again.")
    yield from ({"body": text} for text in texts[:SAMPLES])
