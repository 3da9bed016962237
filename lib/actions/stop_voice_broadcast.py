"""Stop a call broadcast

Stops calling. Calls that are under way are finished; the rest waits until the broadcast is started again.
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
