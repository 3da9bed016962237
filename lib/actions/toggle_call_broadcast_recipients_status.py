"""Switch recipients of a call broadcast

Holds back recipients who have not been called yet, or lets them be called again. Without `enable` they are held back.
"""

from lib.callfire import BROADCAST_ID, POST, Operation, boolean, list_as, models
from lib.callfire.operation.selects import call_broadcasts

operation = Operation(
    POST("/calls/broadcasts/{id}/toggleRecipientsStatus"),
    path=(BROADCAST_ID,),
    query=(boolean("enable", "true: call them; false, and CallFire's default: hold them back."),),
    body=list_as(models("recipients", "Recipient", "Whom to switch.", limits={"minItems": 1})),
    repeatable=True,
    selects={"id": call_broadcasts},
)
process = operation.process
