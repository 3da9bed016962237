"""Update a text broadcast

Changes the properties you give; the others stay as they are. Since it can add recipients to a running broadcast, it is
not repeated by itself when the outcome is unknown.
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
