"""Delete an automatic reply

CallFire no longer answers with it. It cannot be deleted while a broadcast uses it.
"""

from lib.callfire import DELETE, Operation, integer

operation = Operation(
    DELETE("/texts/auto-replys/{id}"),
    path=(integer("id", "ID of the automatic reply."),),
)
process = operation.process
