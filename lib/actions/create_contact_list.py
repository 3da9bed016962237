"""Create a contact list

A new list of contacts, phone numbers or contact IDs; give one of the three.
"""

from lib.callfire import FIELDS, POST, Operation, one, properties_of

operation = Operation(
    POST("/contacts/lists"),
    query=(FIELDS,),
    body=properties_of("CreateContactListRequest"),
    returns=one("ContactList"),
)
process = operation.process
