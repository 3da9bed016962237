"""Archive Text Broadcast

Archives a text broadcast: it stops and no longer appears among the active broadcasts.
"""

from lib.callfire import BROADCAST_ID, POST, Operation

operation = Operation(POST("/texts/broadcasts/{id}/archive"), path=(BROADCAST_ID,), repeatable=True)
process = operation.process
