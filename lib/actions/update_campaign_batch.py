"""Switch a batch on or off

Holds back a batch's recipients, or lets them be contacted. CallFire changes nothing of a batch but `enabled`.
"""

from lib.callfire import PUT, Operation, integer, properties_of

operation = Operation(
    PUT("/campaigns/batches/{id}"),
    path=(integer("id", "ID of the batch."),),
    body=properties_of("Batch"),
)
process = operation.process
