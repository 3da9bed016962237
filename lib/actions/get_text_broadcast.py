"""Lookup Text Broadcast By ID

Returns a text broadcast by its ID, with its settings and status.
"""

from lib.callfire import BROADCAST_ID, FIELDS, GET, Operation, one
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    GET("/texts/broadcasts/{id}"),
    path=(BROADCAST_ID,),
    query=(FIELDS,),
    returns=one("TextBroadcast"),
    selects={"id": text_broadcasts},
)
process = operation.process
