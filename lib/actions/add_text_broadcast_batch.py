"""Add Batch to Text Broadcast

Adds recipients or a contact list to a text broadcast as one batch. CallFire validates the numbers afterwards: the
status of the batch has the result.
"""

from lib.callfire import BROADCAST_ID, POST, STRICT_VALIDATION, Operation, created, properties_of
from lib.callfire.operation.selects import contact_lists, text_broadcasts

operation = Operation(
    POST("/texts/broadcasts/{id}/batches"),
    path=(BROADCAST_ID,),
    query=(STRICT_VALIDATION,),
    body=properties_of("BatchRequest"),
    returns=created("ID of the new batch."),
    selects={"id": text_broadcasts, "contactListId": contact_lists},
)
process = operation.process
