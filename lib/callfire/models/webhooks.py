"""Addresses of yours that CallFire calls when something happens."""

from lib.callfire.operation.fields import Model, boolean, integer, moment, text, texts

WEBHOOK = Model(
    "Webhook",
    "An address that CallFire calls when something happens.",
    (
        text("name", "Name of the webhook, for you to find it again."),
        text("callback", "Address CallFire sends events to; it begins with https://."),
        text(
            "resource",
            "What to hear of: CccCampaign, CallBroadcast, TextBroadcast, OutboundCall, InboundCall, OutboundText, "
            "InboundText, ContactList, MonthlyRenewal or LowBalance.",
        ),
        texts(
            "events",
            "Which of its events: started, stopped, finished for broadcasts; finished for calls and texts; "
            "validationFinished, validationFailed for contact lists; finished, failed for renewals and balance.",
        ),
        text("secret", "Key of your choice; CallFire signs what it sends with it, so that you can tell it is real."),
        text("fields", "Send only these properties, separated by commas, e.g. id,state."),
        boolean("enabled", "true: events are sent."),
        boolean("singleUse", "true: delete the webhook after its first event."),
        boolean("nonStrictSsl", "true: send to your address even if its certificate cannot be trusted."),
        moment("expiresAt", "When the webhook ends, in Unix milliseconds or ISO 8601."),
        integer("id", "CallFire's id of the webhook.", answered=True),
        moment("createdAt", "When it was made, in Unix milliseconds.", answered=True),
        moment("updatedAt", "When it last changed, in Unix milliseconds.", answered=True),
    ),
)
WEBHOOK_RESOURCE = Model(
    "WebhookResource",
    "Something webhooks can tell of.",
    (
        text("resource", "Its name."),
        texts("supportedEvents", "Its events."),
        texts("events", "Its events, as some answers name them.", answered=True),
    ),
)

MODELS = (WEBHOOK, WEBHOOK_RESOURCE)
