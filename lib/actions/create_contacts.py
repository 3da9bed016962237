"""Create contacts

Makes one contact or many at once. CallFire does not check the numbers before a contact goes into a broadcast, and does
not look for contacts that are there already.
"""

from lib.callfire import POST, Operation, list_as, models, results_of

operation = Operation(
    POST("/contacts"),
    body=list_as(models("contacts", "Contact", "The contacts to make.", limits={"minItems": 1})),
    returns=results_of("ResourceId"),
)
process = operation.process
