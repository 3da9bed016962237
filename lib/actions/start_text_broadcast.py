"""Start Text Broadcast

Starts a text broadcast: CallFire sends texts to its recipients.
"""

from lib.callfire import BROADCAST_ID, POST, Operation
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    POST("/texts/broadcasts/{id}/start"),
    path=(BROADCAST_ID,),
    selects={"id": text_broadcasts},
)
process = operation.process
