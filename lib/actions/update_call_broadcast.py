"""Update Call Broadcast

Changes the given properties of a call broadcast. An update with an unknown outcome is not repeated, because it may add
recipients to a running broadcast.
"""

from lib.callfire import BROADCAST_ID, PUT, STRICT_VALIDATION, Operation, properties_of
from lib.callfire.operation.selects import call_broadcasts

operation = Operation(
    PUT("/calls/broadcasts/{id}"),
    path=(BROADCAST_ID,),
    query=(STRICT_VALIDATION,),
    body=properties_of("CallBroadcast"),
    repeatable=False,
    selects={"id": call_broadcasts},
)
process = operation.process
