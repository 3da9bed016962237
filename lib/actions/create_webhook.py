"""Create Webhook

Creates a webhook: CallFire sends events to a URL, for example when it receives a text. To start a flow with events, use
Get Real-Time Events Webhook instead.
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
