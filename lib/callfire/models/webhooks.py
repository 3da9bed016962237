"""Webhooks: URLs to which CallFire sends events."""

from lib.callfire.operation.fields import Model, boolean, integer, moment, text, texts

WEBHOOK = Model(
    "Webhook",
    "A URL to which CallFire sends events.",
    (
        text("name", "Name of the webhook."),
        text("callback", "URL to which CallFire sends events, starting with https://."),
        text(
            "resource",
            "Resource to subscribe to: CccCampaign, CallBroadcast, TextBroadcast, OutboundCall, InboundCall, "
            "OutboundText, InboundText, ContactList, MonthlyRenewal or LowBalance.",
        ),
        texts(
            "events",
            "Events of the resource. Broadcasts: started, stopped, finished. Calls and texts: finished. Contact lists: "
            "validationFinished, validationFailed. Renewals and balance: finished, failed.",
        ),
        text("secret", "Secret with which CallFire signs each request, so that the receiver can verify it."),
        text("fields", "Properties of the item to send, separated by commas, e.g. id,state. Default: all."),
        boolean("enabled", "true: CallFire sends events."),
        boolean("singleUse", "true: CallFire deletes the webhook after the first event."),
        boolean("nonStrictSsl", "true: send events even if the certificate of the URL is not trusted."),
        moment("expiresAt", "Time at which the webhook expires: Unix milliseconds or ISO 8601."),
        integer("id", "ID of the webhook.", answered=True),
        moment("createdAt", "Time of creation, in Unix milliseconds.", answered=True),
        moment("updatedAt", "Time of the last change, in Unix milliseconds.", answered=True),
    ),
)
WEBHOOK_RESOURCE = Model(
    "WebhookResource",
    "A resource that webhooks can subscribe to.",
    (
        text("resource", "Name of the resource."),
        texts("supportedEvents", "Events of the resource."),
        texts("events", "Events of the resource, under another name.", answered=True),
    ),
)

MODELS = (WEBHOOK, WEBHOOK_RESOURCE)
