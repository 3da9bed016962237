"""Get Text Broadcast Statistics

Returns statistics of a text broadcast: texts that were sent, received, skipped or failed, and their cost.
"""

from lib.callfire import BROADCAST_ID, FIELDS, GET, STATS_INTERVAL, Operation, one
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    GET("/texts/broadcasts/{id}/stats"),
    path=(BROADCAST_ID,),
    query=(*STATS_INTERVAL, FIELDS),
    returns=one("TextBroadcastStats"),
    selects={"id": text_broadcasts},
)
process = operation.process
