"""Get Call Broadcast Statistics

Returns statistics of a call broadcast: calls that were placed, answered, transferred or failed, and their cost.
"""

from lib.callfire import BROADCAST_ID, FIELDS, GET, STATS_INTERVAL, Operation, one
from lib.callfire.operation.selects import call_broadcasts

operation = Operation(
    GET("/calls/broadcasts/{id}/stats"),
    path=(BROADCAST_ID,),
    query=(*STATS_INTERVAL, FIELDS),
    returns=one("CallBroadcastStats"),
    selects={"id": call_broadcasts},
)
process = operation.process
