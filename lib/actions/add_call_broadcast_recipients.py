"""Add recipients to a call broadcast

Adds people to a call broadcast at once. A running broadcast calls them straight away. CallFire does not look for
recipients that are there already; a batch can do that.
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
            "Who is added. What CallFire takes in a call's recipient may be given too.",
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
