"""Create Contacts

Creates one or more contacts. CallFire does not detect existing contacts, and validates the numbers only when a
broadcast uses them.
"""

from lib.callfire import POST, Operation, list_as, models, results_of

operation = Operation(
    POST("/contacts"),
    body=list_as(models("contacts", "Contact", "Contacts to create.", limits={"minItems": 1})),
    returns=results_of("ResourceId"),
)
process = operation.process
