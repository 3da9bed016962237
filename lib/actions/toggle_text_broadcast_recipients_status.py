"""Enable or Disable Text Broadcast Recipients

Disables or enables recipients that have not been sent to yet. Default: disable.
"""

from lib.callfire import BROADCAST_ID, POST, Operation, boolean, list_as, models
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    POST("/texts/broadcasts/{id}/toggleRecipientsStatus"),
    path=(BROADCAST_ID,),
    query=(boolean("enable", "true: enable the recipients. false: disable them. Default: false.", default=False),),
    body=list_as(models("recipients", "Recipient", "Recipients to enable or disable.", limits={"minItems": 1})),
    repeatable=True,
    selects={"id": text_broadcasts},
)
process = operation.process
