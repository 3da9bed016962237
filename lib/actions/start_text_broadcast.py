"""Start a text broadcast

Begins to text the recipients of a text broadcast.
"""

from lib.callfire import BROADCAST_ID, POST, Operation
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    POST("/texts/broadcasts/{id}/start"),
    path=(BROADCAST_ID,),
    selects={"id": text_broadcasts},
)
process = operation.process
