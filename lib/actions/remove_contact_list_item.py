"""Remove a contact from a contact list

Takes one contact off a list. The contact itself stays.
"""

from lib.callfire import CONTACT_LIST_ID, DELETE, Operation, integer

operation = Operation(
    DELETE("/contacts/lists/{id}/items/{contactId}"),
    path=(CONTACT_LIST_ID, integer("contactId", "ID of the contact to take off the list.")),
)
process = operation.process
