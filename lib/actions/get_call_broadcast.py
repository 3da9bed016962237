"""Lookup Call Broadcast By ID

Returns a call broadcast by its ID, with its settings and status.
"""

from lib.callfire import BROADCAST_ID, FIELDS, GET, Operation, one
from lib.callfire.operation.selects import call_broadcasts

operation = Operation(
    GET("/calls/broadcasts/{id}"),
    path=(BROADCAST_ID,),
    query=(FIELDS,),
    returns=one("CallBroadcast"),
    selects={"id": call_broadcasts},
)
process = operation.process
