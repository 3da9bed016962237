"""Delete a contact list

Removes the list. The contacts on it stay.
"""

from lib.callfire import CONTACT_LIST_ID, DELETE, Operation

operation = Operation(DELETE("/contacts/lists/{id}"), path=(CONTACT_LIST_ID,))
process = operation.process
