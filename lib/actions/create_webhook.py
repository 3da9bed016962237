"""Create a webhook

From now on CallFire calls an address of yours when something happens, e.g. when a text comes in.
"""

from lib.callfire import POST, Operation, created, properties_of
from lib.callfire.operation.selects import webhook_resources

operation = Operation(
    POST("/webhooks"),
    body=properties_of("Webhook"),
    returns=created("ID of the new webhook."),
    selects={"resource": webhook_resources},
)
process = operation.process
