"""Get a batch

One batch of a broadcast's recipients by its ID, with its status, its size and how many are left.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/campaigns/batches/{id}"),
    path=(integer("id", "ID of the batch."),),
    query=(FIELDS,),
    returns=one("Batch"),
)
process = operation.process
