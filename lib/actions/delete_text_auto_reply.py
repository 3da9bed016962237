"""Delete Text Auto-Reply By ID

Deletes an auto-reply. CallFire rejects the request while a broadcast uses the auto-reply.
"""

from lib.callfire import DELETE, Operation, integer

operation = Operation(
    DELETE("/texts/auto-replys/{id}"),
    path=(integer("id", "ID of the auto-reply."),),
)
process = operation.process
