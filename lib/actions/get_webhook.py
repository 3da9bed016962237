"""Lookup Webhook By ID

Returns a webhook by its ID.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/webhooks/{id}"),
    path=(integer("id", "ID of the webhook."),),
    query=(FIELDS,),
    returns=one("Webhook"),
)
process = operation.process
