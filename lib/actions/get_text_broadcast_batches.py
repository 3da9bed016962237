"""Lookup Batches in Text Broadcast

Returns the batches of recipients that were added to a text broadcast.
"""

from lib.callfire import BROADCAST_ID, FIELDS, GET, PAGE, Operation, page_of
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    GET("/texts/broadcasts/{id}/batches"),
    path=(BROADCAST_ID,),
    query=(*PAGE, FIELDS),
    returns=page_of("Batch"),
    selects={"id": text_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
