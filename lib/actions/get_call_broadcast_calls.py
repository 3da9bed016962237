"""Lookup Calls in Call Broadcast

Returns the finished and pending calls of a call broadcast, optionally of one batch only.
"""

from lib.callfire import BATCH_ID, BROADCAST_ID, FIELDS, GET, PAGE, Operation, page_of
from lib.callfire.operation.selects import call_broadcasts

operation = Operation(
    GET("/calls/broadcasts/{id}/calls"),
    path=(BROADCAST_ID,),
    query=(BATCH_ID.but("Only calls of this batch."), *PAGE, FIELDS),
    returns=page_of("Call"),
    selects={"id": call_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
