"""Get figures of a call broadcast

How many calls were made, answered, put through or failed, and what they cost.
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
