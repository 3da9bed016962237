"""Add Batch to Call Broadcast

Adds recipients or a contact list to a call broadcast as one batch. CallFire validates the numbers afterwards: the
status of the batch has the result.
"""

from lib.callfire import BROADCAST_ID, POST, STRICT_VALIDATION, Operation, created, properties_of
from lib.callfire.operation.selects import call_broadcasts, contact_lists

operation = Operation(
    POST("/calls/broadcasts/{id}/batches"),
    path=(BROADCAST_ID,),
    query=(STRICT_VALIDATION,),
    body=properties_of("BatchRequest"),
    returns=created("ID of the new batch."),
    selects={"id": call_broadcasts, "contactListId": contact_lists},
)
process = operation.process
