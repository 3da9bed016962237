"""Lookup Webhooks

Returns the webhooks of the account, filtered by name, resource, event or URL.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, boolean, page_of, text
from lib.callfire.operation.selects import webhook_resources

operation = Operation(
    GET("/webhooks"),
    query=(
        text("name", "Only webhooks with this name."),
        text("resource", "Only webhooks for this resource, e.g. InboundText."),
        text("event", "Only webhooks for this event, e.g. finished."),
        text("callback", "Only webhooks to this URL."),
        boolean("enabled", "true: only enabled webhooks. false: only disabled webhooks."),
        *PAGE,
        FIELDS,
    ),
    returns=page_of("Webhook"),
    selects={"resource": webhook_resources},
)
process = operation.process
get_meta_model = operation.get_meta_model
