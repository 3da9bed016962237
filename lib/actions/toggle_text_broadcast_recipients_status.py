"""Switch recipients of a text broadcast

Holds back recipients who have not been texted yet, or lets them be texted again. Without `enable` they are held back.
"""

from lib.callfire import BROADCAST_ID, POST, Operation, boolean, list_as, models
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    POST("/texts/broadcasts/{id}/toggleRecipientsStatus"),
    path=(BROADCAST_ID,),
    query=(boolean("enable", "true: text them; false, and CallFire's default: hold them back."),),
    body=list_as(models("recipients", "Recipient", "Whom to switch.", limits={"minItems": 1})),
    repeatable=True,
    selects={"id": text_broadcasts},
)
process = operation.process
