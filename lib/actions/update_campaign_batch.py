"""Switch a batch on or off

Disables or enables the recipients of a batch. CallFire changes only the property `enabled` of a batch.
"""

from lib.callfire import PUT, Operation, integer, properties_of

operation = Operation(
    PUT("/campaigns/batches/{id}"),
    path=(integer("id", "ID of the batch."),),
    body=properties_of("Batch"),
)
process = operation.process
