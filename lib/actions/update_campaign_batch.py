"""Enable or Disable Batch

Disables or enables the recipients of a batch. CallFire changes no other property of a batch.
"""

from lib.callfire import PUT, Operation, integer, properties_of

operation = Operation(
    PUT("/campaigns/batches/{id}"),
    path=(integer("id", "ID of the batch."),),
    body=properties_of("Batch"),
)
process = operation.process
