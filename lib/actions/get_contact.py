"""Lookup Contact By ID

Returns a contact by its ID, also if the contact is deleted.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/contacts/{id}"),
    path=(integer("id", "ID of the contact."),),
    query=(FIELDS,),
    returns=one("Contact"),
)
process = operation.process
