"""Remove Contact From Contact List

Removes one contact from a contact list. The contact itself is kept.
"""

from lib.callfire import CONTACT_LIST_ID, DELETE, Operation, integer

operation = Operation(
    DELETE("/contacts/lists/{id}/items/{contactId}"),
    path=(CONTACT_LIST_ID, integer("contactId", "ID of the contact to remove.")),
)
process = operation.process
