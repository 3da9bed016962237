"""Update a webhook

Changes the properties you give; the others stay as they are.
"""

from lib.callfire import PUT, Operation, integer, properties_of

operation = Operation(
    PUT("/webhooks/{id}"),
    path=(integer("id", "ID of the webhook."),),
    body=properties_of("Webhook"),
)
process = operation.process
