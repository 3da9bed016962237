"""Lookup Batch By ID

Returns a batch of recipients by its ID, with status, size and the number of remaining recipients.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/campaigns/batches/{id}"),
    path=(integer("id", "ID of the batch."),),
    query=(FIELDS,),
    returns=one("Batch"),
)
process = operation.process
