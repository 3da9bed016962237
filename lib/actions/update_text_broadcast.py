"""Update Text Broadcast

Changes the given properties of a text broadcast. An update with an unknown outcome is not repeated, because it may add
recipients to a running broadcast.
"""

from lib.callfire import BROADCAST_ID, PUT, STRICT_VALIDATION, Operation, created, properties_of
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    PUT("/texts/broadcasts/{id}"),
    path=(BROADCAST_ID,),
    query=(STRICT_VALIDATION,),
    body=properties_of("TextBroadcast"),
    returns=created("ID of the broadcast."),
    repeatable=False,
    selects={"id": text_broadcasts},
)
process = operation.process
