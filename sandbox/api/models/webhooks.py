"""Webhooks and the resources they can subscribe to."""

from sandbox.api.schema import BOOLEAN, LONG, STRING, TIME, list_of, model, read_only

WEBHOOK = model(
    "Webhook",
    callback=STRING,
    createdAt=read_only(TIME),
    enabled=BOOLEAN,
    events=list_of(STRING, unique=True),
    expiresAt=TIME,
    fields=STRING,
    id=LONG,
    name=STRING,
    nonStrictSsl=BOOLEAN,
    resource=STRING,
    secret=STRING,
    singleUse=BOOLEAN,
    updatedAt=read_only(TIME),
)
WEBHOOK_RESOURCE = model("WebhookResource", resource=STRING, supportedEvents=list_of(STRING, unique=True))
