"""Delete a webhook

CallFire no longer calls the address.
"""

from lib.callfire import DELETE, Operation, integer

operation = Operation(DELETE("/webhooks/{id}"), path=(integer("id", "ID of the webhook."),))
process = operation.process
