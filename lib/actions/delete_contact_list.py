"""Delete Contact List By ID

Deletes a contact list. The contacts of the list are kept.
"""

from lib.callfire import CONTACT_LIST_ID, DELETE, Operation

operation = Operation(DELETE("/contacts/lists/{id}"), path=(CONTACT_LIST_ID,))
process = operation.process
