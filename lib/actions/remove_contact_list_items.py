"""Remove contacts from a contact list

Takes contacts off a list. The contacts themselves stay.
"""

from lib.callfire import CONTACT_LIST_ID, DELETE, Operation, integers

operation = Operation(
    DELETE("/contacts/lists/{id}/items"),
    path=(CONTACT_LIST_ID,),
    query=(integers("contactId", "IDs of the contacts to take off the list.", label="Contact IDs", required=True),),
    acted_on=("id", "contactId"),
)
process = operation.process
