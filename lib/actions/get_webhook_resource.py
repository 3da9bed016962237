"""Lookup Webhook Resource

Returns the events of a resource that webhooks can subscribe to.
"""

from lib.callfire import FIELDS, GET, Operation, one, text
from lib.callfire.operation.selects import webhook_resources

operation = Operation(
    GET("/webhooks/resources/{resource}"),
    path=(text("resource", "Name of the resource, e.g. InboundText."),),
    query=(FIELDS,),
    returns=one("WebhookResource"),
    selects={"resource": webhook_resources},
)
process = operation.process
