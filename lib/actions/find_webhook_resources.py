"""Find webhook resources

What webhooks can tell of, and which events each has.
"""

from lib.callfire import FIELDS, GET, Operation, list_of

operation = Operation(
    GET("/webhooks/resources"),
    query=(FIELDS,),
    returns=list_of("WebhookResource"),
)
process = operation.process
get_meta_model = operation.get_meta_model
