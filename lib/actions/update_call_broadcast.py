"""Update a call broadcast

Changes the properties you give; the others stay as they are. Since it can add recipients to a running broadcast, it is
not repeated by itself when the outcome is unknown.
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
