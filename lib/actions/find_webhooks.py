"""Find webhooks

Addresses of yours that CallFire calls when something happens, by name, resource, event or address.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, boolean, page_of, text
from lib.callfire.operation.selects import webhook_resources

operation = Operation(
    GET("/webhooks"),
    query=(
        text("name", "Only webhooks with this name."),
        text("resource", "Only webhooks for this resource, e.g. InboundText."),
        text("event", "Only webhooks for this event, e.g. finished."),
        text("callback", "Only webhooks to this address."),
        boolean("enabled", "true: only those that are switched on; false: only the others."),
        *PAGE,
        FIELDS,
    ),
    returns=page_of("Webhook"),
    selects={"resource": webhook_resources},
)
process = operation.process
get_meta_model = operation.get_meta_model
