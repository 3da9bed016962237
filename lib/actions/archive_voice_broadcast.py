"""Archive Call Broadcast

Archives a call broadcast: it stops and no longer appears among the active broadcasts.
"""

from lib.callfire import BROADCAST_ID, POST, Operation

operation = Operation(POST("/calls/broadcasts/{id}/archive"), path=(BROADCAST_ID,), repeatable=True)
process = operation.process
