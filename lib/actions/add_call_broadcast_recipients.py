"""Add Recipients to Call Broadcast

Adds recipients to a call broadcast; a running broadcast calls them at once. To skip recipients that the broadcast has
already, add a batch instead.
"""

from lib.callfire import BROADCAST_ID, FIELDS, POST, STRICT_VALIDATION, list_as, models, results_of
from lib.callfire.operation.selects import call_broadcasts
from lib.callfire.sending import CALLS, SendOperation

operation = SendOperation(
    POST("/calls/broadcasts/{id}/recipients"),
    path=(BROADCAST_ID,),
    query=(STRICT_VALIDATION, FIELDS),
    body=list_as(
        models(
            "recipients",
            "Recipient",
            "Recipients to add. Properties of a call recipient, such as liveMessage, are accepted, too.",
            limits={"minItems": 1},
        )
    ),
    returns=results_of("Call"),
    selects={"id": call_broadcasts},
    channel=CALLS,
)
process = operation.process
get_meta_model = operation.get_meta_model
form_fields = operation.form_fields
