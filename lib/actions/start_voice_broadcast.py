"""Start Call Broadcast

Starts a call broadcast: CallFire calls its recipients.
"""

from lib.callfire import BROADCAST_ID, POST, Operation
from lib.callfire.operation.selects import call_broadcasts

operation = Operation(
    POST("/calls/broadcasts/{id}/start"),
    path=(BROADCAST_ID,),
    selects={"id": call_broadcasts},
)
process = operation.process
