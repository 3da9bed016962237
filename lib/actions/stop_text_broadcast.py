"""Stop Text Broadcast

Stops a text broadcast. Texts in progress are still sent; the other recipients wait until the broadcast is started
again.
"""

from lib.callfire import BROADCAST_ID, POST, Operation
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    POST("/texts/broadcasts/{id}/stop"),
    path=(BROADCAST_ID,),
    repeatable=True,
    selects={"id": text_broadcasts},
)
process = operation.process
