"""Lookup Webhook Resources

Returns the resources that webhooks can subscribe to, each with its events.
"""

from lib.callfire import FIELDS, GET, Operation, list_of

operation = Operation(
    GET("/webhooks/resources"),
    query=(FIELDS,),
    returns=list_of("WebhookResource"),
)
process = operation.process
get_meta_model = operation.get_meta_model
