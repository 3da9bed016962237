"""Lookup Batches in Call Broadcast

Returns the batches of recipients that were added to a call broadcast.
"""

from lib.callfire import BROADCAST_ID, FIELDS, GET, PAGE, Operation, page_of
from lib.callfire.operation.selects import call_broadcasts

operation = Operation(
    GET("/calls/broadcasts/{id}/batches"),
    path=(BROADCAST_ID,),
    query=(*PAGE, FIELDS),
    returns=page_of("Batch"),
    selects={"id": call_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
