"""Delete Webhook By ID

Deletes a webhook. CallFire then sends no more events to its URL.
"""

from lib.callfire import DELETE, Operation, integer

operation = Operation(DELETE("/webhooks/{id}"), path=(integer("id", "ID of the webhook."),))
process = operation.process
