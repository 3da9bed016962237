"""Webhooks and the resources they can subscribe to (`/webhooks`)."""

from typing import Any

from callfire_sandbox.api.models.common import RESOURCE_ID
from callfire_sandbox.api.models.webhooks import WEBHOOK, WEBHOOK_RESOURCE
from callfire_sandbox.api.operation import FIELDS, Parameter, Request, operation
from callfire_sandbox.api.resources import Filter, Resource, contains, equals, flag
from callfire_sandbox.api.schema import STRING, items_of
from callfire_sandbox.errors import BadRequestError, NotFoundError
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.webhooks import RESOURCES

READ_ONLY = ("id", "createdAt", "updatedAt")

WEBHOOKS = Resource("webhooks", "webhook", WEBHOOK)
WEBHOOKS.find(
    "findWebhooks",
    "GET /webhooks",
    "Find webhooks",
    contains("name", "name"),
    equals("resource", index=True),
    Filter(
        Parameter("event", STRING),
        lambda value: lambda record: value.lower() in {event.lower() for event in record["events"]},
    ),
    equals("callback"),
    flag("enabled"),
)
WEBHOOKS.get("getWebhook", "GET /webhooks/{id}", "Find a specific webhook")


@operation("createWebhook", "POST /webhooks", body=WEBHOOK, returns=RESOURCE_ID, status=201)
def create_webhook(request: Request) -> Record:
    """Create a webhook"""
    world = request.world
    given = {name: value for name, value in request.body.items() if name not in READ_ONLY}
    given = {"enabled": True, "singleUse": False, "nonStrictSsl": False, "name": "Webhook", **given}
    _check(given)
    given.setdefault("events", list(RESOURCES[given["resource"]]))
    now = world.time()
    return {"id": world["webhooks"].add({"id": world.new_id(), **given, "createdAt": now, "updatedAt": now})["id"]}


@operation("updateWebhook", "PUT /webhooks/{id}", body=WEBHOOK)
def update_webhook(request: Request) -> None:
    """Update a webhook"""
    webhook = WEBHOOKS.need(request)
    given = {name: value for name, value in request.body.items() if name not in READ_ONLY}
    _check({**webhook, **given})
    request.world["webhooks"].change(webhook, **given, updatedAt=request.world.time())


@operation("deleteWebhook", "DELETE /webhooks/{id}")
def delete_webhook(request: Request) -> None:
    """Delete a webhook"""
    request.world["webhooks"].remove(WEBHOOKS.need(request))


@operation("findWebhookResources", "GET /webhooks/resources", FIELDS, returns=items_of(WEBHOOK_RESOURCE, paged=True))
def find_webhook_resources(_request: Request) -> Record:
    """Find webhook resources"""
    items = [_resource(name) for name in RESOURCES]
    return {"items": items, "limit": 1000, "offset": 0, "totalCount": len(items)}


@operation("getWebhookResource", "GET /webhooks/resources/{resource}", FIELDS, returns=WEBHOOK_RESOURCE)
def get_webhook_resource(request: Request) -> Record:
    """Find specific webhook resource"""
    name = request.path["resource"]
    if name not in RESOURCES:
        raise NotFoundError("There is no webhook resource with this name.")
    return _resource(name)


def _resource(name: str) -> Record:
    events = list(RESOURCES[name])
    return {"resource": name, "supportedEvents": events, "events": events}


def _check(webhook: dict[str, Any]) -> None:
    resource, callback = webhook.get("resource"), webhook.get("callback", "")
    if resource not in RESOURCES:
        raise BadRequestError(f"resource: must be one of {', '.join(RESOURCES)}.")
    known = {event.lower() for event in RESOURCES[resource]}
    if unknown := [event for event in webhook.get("events", ()) if event.lower() not in known]:
        allowed = ", ".join(RESOURCES[resource])
        raise BadRequestError(f"events: {resource} has no {', '.join(unknown)}. Allowed: {allowed}.")
    if not callback.startswith(("http://", "https://")):
        raise BadRequestError("callback: must be an http or https URL.")
