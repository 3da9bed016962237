"""Get a contact

One contact by its ID; also one that was deleted.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/contacts/{id}"),
    path=(integer("id", "ID of the contact."),),
    query=(FIELDS,),
    returns=one("Contact"),
)
process = operation.process
