"""Start a call broadcast

Begins to call the recipients of a call broadcast.
"""

from lib.callfire import BROADCAST_ID, POST, Operation
from lib.callfire.operation.selects import call_broadcasts

operation = Operation(
    POST("/calls/broadcasts/{id}/start"),
    path=(BROADCAST_ID,),
    selects={"id": call_broadcasts},
)
process = operation.process
