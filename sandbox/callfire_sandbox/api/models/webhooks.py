"""Webhooks and the resources they can subscribe to."""

from callfire_sandbox.api.schema import BOOLEAN, LONG, STRING, TIME, about, list_of, model, read_only

WEBHOOK = model(
    "Webhook",
    "A subscription to events, which are sent to a URL.",
    callback=about(STRING, "URL that events are sent to."),
    createdAt=read_only(about(TIME, "Time at which the webhook was created.")),
    enabled=about(BOOLEAN, "Whether events are sent. Default: true."),
    events=about(list_of(STRING, unique=True), "Events to subscribe to. Default: all events of the resource."),
    expiresAt=about(TIME, "Time after which no events are sent. Default: never."),
    fields=about(STRING, "Fields of the resource to send, for example id,message. Default: all."),
    id=about(LONG, "Id of the webhook."),
    name=about(STRING, "Name of the webhook."),
    nonStrictSsl=about(BOOLEAN, "Whether the certificate of the URL is not checked. Default: false."),
    resource=about(STRING, "Resource to subscribe to, for example InboundText."),
    secret=about(STRING, "Key of the signature in the header X-CallFire-Signature."),
    singleUse=about(BOOLEAN, "Whether the webhook is deleted after one event. Default: false."),
    updatedAt=read_only(about(TIME, "Time of the last change.")),
)
WEBHOOK_RESOURCE = model(
    "WebhookResource",
    "A resource with the events that it has.",
    resource=about(STRING, "Name of the resource."),
    supportedEvents=about(list_of(STRING, unique=True), "Events of the resource."),
    events=about(list_of(STRING, unique=True), "Same as supportedEvents, under the name of older responses."),
)
