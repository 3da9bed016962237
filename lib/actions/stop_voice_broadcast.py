"""Stop Call Broadcast

Stops a call broadcast. Calls in progress are completed; the other recipients wait until the broadcast is started again.
"""

from lib.callfire import BROADCAST_ID, POST, Operation
from lib.callfire.operation.selects import call_broadcasts

operation = Operation(
    POST("/calls/broadcasts/{id}/stop"),
    path=(BROADCAST_ID,),
    repeatable=True,
    selects={"id": call_broadcasts},
)
process = operation.process
