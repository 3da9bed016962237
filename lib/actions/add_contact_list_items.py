"""Add Contacts to Contact List

Adds contacts, phone numbers or contact IDs to a contact list. Exactly one of the three is required.
"""

from lib.callfire import CONTACT_LIST_ID, POST, Operation, properties_of
from lib.callfire.operation.selects import contact_lists

operation = Operation(
    POST("/contacts/lists/{id}/items"),
    path=(CONTACT_LIST_ID,),
    body=properties_of("AddContactListContactsRequest"),
    selects={"id": contact_lists},
)
process = operation.process
