"""Remove Contacts From Contact List

Removes contacts from a contact list. The contacts themselves are kept.
"""

from lib.callfire import CONTACT_LIST_ID, DELETE, Operation, integers

operation = Operation(
    DELETE("/contacts/lists/{id}/items"),
    path=(CONTACT_LIST_ID,),
    query=(integers("contactId", "IDs of the contacts to remove.", label="Contact IDs", required=True),),
    acted_on=("id", "contactId"),
)
process = operation.process
