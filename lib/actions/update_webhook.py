"""Update Webhook

Changes the given properties of a webhook. The other properties are kept.
"""

from lib.callfire import PUT, Operation, integer, properties_of

operation = Operation(
    PUT("/webhooks/{id}"),
    path=(integer("id", "ID of the webhook."),),
    body=properties_of("Webhook"),
)
process = operation.process
