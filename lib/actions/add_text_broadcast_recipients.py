"""Add Recipients to Text Broadcast

Adds recipients to a text broadcast; a running broadcast sends to them at once. To skip recipients that the broadcast
has already, add a batch instead.
"""

from lib.callfire import BROADCAST_ID, FIELDS, POST, STRICT_VALIDATION, list_as, models, results_of
from lib.callfire.operation.selects import text_broadcasts
from lib.callfire.sending import SendOperation

operation = SendOperation(
    POST("/texts/broadcasts/{id}/recipients"),
    path=(BROADCAST_ID,),
    query=(STRICT_VALIDATION, FIELDS),
    body=list_as(models("recipients", "TextRecipient", "Recipients to add.", limits={"minItems": 1})),
    returns=results_of("Text"),
    selects={"id": text_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
form_fields = operation.form_fields
