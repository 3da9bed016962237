"""Webhooks: which events are delivered to which callback, and when a delivery is repeated.

This module decides what is delivered and when. `web/webhook_sender.py` sends it over the network.
"""

import base64
import contextlib
import hashlib
import hmac
from typing import Any

from callfire_sandbox import field_selection
from callfire_sandbox.errors import ApiError
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.scheduler import task
from callfire_sandbox.world.state import World
from callfire_sandbox.world.table import encode, public

CAMPAIGN_EVENTS = ("started", "stopped", "finished")
RESOURCES: dict[str, tuple[str, ...]] = {
    "CccCampaign": CAMPAIGN_EVENTS,
    "CallBroadcast": CAMPAIGN_EVENTS,
    "TextBroadcast": CAMPAIGN_EVENTS,
    "OutboundCall": ("finished",),
    "InboundCall": ("finished",),
    "OutboundText": ("finished",),
    "InboundText": ("finished",),
    "OutboundTextDeliveryReport": ("received",),
    "ContactList": ("validationFinished", "validationFailed"),
    "MonthlyRenewal": ("failed", "finished"),
    "LowBalance": ("failed", "finished"),
}
LATER_BY = 1500
"""Delay of a reordered delivery in milliseconds."""


def announce(world: World, resource: str, event: str, record: Record, defaults: Record | None = None) -> None:
    """Schedule a delivery of this event to every webhook that subscribes to it.

    `defaults` are fields that the payload has even if the record lacks them.
    """
    now = world.time()
    for webhook in world["webhooks"].where(resource=resource):
        events = {name.lower() for name in webhook.get("events", [event])}
        expired = webhook.get("expiresAt", now) < now
        if (
            not webhook["enabled"]
            or expired
            or event.lower() not in events
            or world.chance(world.switches.webhook_lost)
        ):
            continue
        payload = _payload(world, webhook, resource, event, {**(defaults or {}), **public(record)})
        for _ in range(2 if world.chance(world.switches.webhook_duplicates) else 1):
            delay = LATER_BY if world.chance(world.switches.webhook_reordered) else 0
            _schedule(world, webhook, payload, delay)
        if webhook.get("singleUse"):
            world["webhooks"].remove(webhook)


def spelt(event: str, like: str) -> str:
    """Return the name of an event in the case of `like`: finished, Finished or FINISHED."""
    return event.upper() if like.isupper() else event[0].upper() + event[1:] if like[0].isupper() else event


def _payload(world: World, webhook: Record, resource: str, event: str, content: Record) -> dict[str, Any]:
    if webhook.get("fields"):
        with contextlib.suppress(ApiError):
            content = field_selection.select(content, field_selection.parse(webhook["fields"]))
    common = {"timestamp": world.time(), "webhookId": webhook["id"], "resourceType": resource}
    events = [{**common, "eventType": spelt(event, world.switches.webhook_event_names), "resource": content}]
    return {**common, "webhookName": webhook.get("name", ""), "events": events}


def _schedule(world: World, webhook: Record, payload: dict[str, Any], delay: int) -> None:
    delivery = world["deliveries"].add(
        {
            "webhookId": webhook["id"],
            "callback": webhook["callback"],
            "resource": payload["resourceType"],
            "created": world.clock.now(),
            "attempts": [],
            "done": False,
            "payload": payload,
            "_": {"secret": webhook.get("secret"), "strict": not webhook.get("nonStrictSsl")},
        }
    )
    if delay:
        world.later(delay, deliver, number=delivery["id"])
    else:
        deliver(world, delivery["id"])


@task
def deliver(world: World, number: int) -> None:
    """Put a delivery into the outbox."""
    world.outbox.append(number)


def request(delivery: Record) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of a delivery. The signature covers the exact bytes of the body."""
    body = encode(delivery["payload"])
    headers = {"Content-Type": "application/json"}
    if secret := delivery["_"].get("secret"):
        headers["X-CallFire-Signature"] = signature(secret, body)
    return body, headers


def signature(secret: str, body: bytes) -> str:
    """Return the value of X-CallFire-Signature: the HMAC-SHA1 of the raw body in base64."""
    return base64.b64encode(hmac.new(secret.encode("utf-8", "surrogatepass"), body, hashlib.sha1).digest()).decode()


def delivered(world: World, number: int, outcome: int | str) -> None:
    """Record the outcome of an attempt (a status, or the name of a failure) and schedule the next attempt if needed."""
    delivery = world["deliveries"].get(number)
    if delivery is None:
        return
    attempts = [*delivery["attempts"], {"at": world.clock.now(), "outcome": outcome}]
    succeeded = isinstance(outcome, int) and 200 <= outcome < 300
    over = succeeded or len(attempts) > world.switches.webhook_retries
    world["deliveries"].change(delivery, attempts=attempts, done=over, succeeded=succeeded)
    world.feed.tell("deliveries", delivery)
    if not over:
        delay = world.switches.webhook_retry_after * 2 ** (len(attempts) - 1)
        world.later(delay, deliver, number=number)
