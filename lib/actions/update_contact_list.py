"""Rename Contact List

Changes the name of a contact list.
"""

from lib.callfire import CONTACT_LIST_ID, PUT, Operation, properties_of
from lib.callfire.operation.selects import contact_lists

operation = Operation(
    PUT("/contacts/lists/{id}"),
    path=(CONTACT_LIST_ID,),
    body=properties_of("UpdateContactListRequest"),
    selects={"id": contact_lists},
)
process = operation.process
