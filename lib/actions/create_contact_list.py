"""Create Contact List

Creates a contact list from contacts, phone numbers or contact IDs. Exactly one of the three is required.
"""

from lib.callfire import FIELDS, POST, Operation, one, properties_of

operation = Operation(
    POST("/contacts/lists"),
    query=(FIELDS,),
    body=properties_of("CreateContactListRequest"),
    returns=one("ContactList"),
)
process = operation.process
