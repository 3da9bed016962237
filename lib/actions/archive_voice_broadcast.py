"""Archive a call broadcast

Puts a call broadcast away: it stops and no longer shows among the active ones.
"""

from lib.callfire import BROADCAST_ID, POST, Operation

operation = Operation(POST("/calls/broadcasts/{id}/archive"), path=(BROADCAST_ID,), repeatable=True)
process = operation.process
