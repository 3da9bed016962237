"""Lookup Texts in Text Broadcast

Returns the finished and pending texts of a text broadcast, optionally of one batch only.
"""

from lib.callfire import BATCH_ID, BROADCAST_ID, FIELDS, GET, PAGE, Operation, page_of
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    GET("/texts/broadcasts/{id}/texts"),
    path=(BROADCAST_ID,),
    query=(BATCH_ID.but("Only texts of this batch."), *PAGE, FIELDS),
    returns=page_of("Text"),
    selects={"id": text_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
