"""Archive a text broadcast

Puts a text broadcast away: it stops and no longer shows among the active ones.
"""

from lib.callfire import BROADCAST_ID, POST, Operation

operation = Operation(POST("/texts/broadcasts/{id}/archive"), path=(BROADCAST_ID,), repeatable=True)
process = operation.process
