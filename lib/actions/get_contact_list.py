"""Lookup Contact List By ID

Returns a contact list by its ID, with size and status, without its contacts.
"""

from lib.callfire import CONTACT_LIST_ID, FIELDS, GET, Operation, one
from lib.callfire.operation.selects import contact_lists

operation = Operation(
    GET("/contacts/lists/{id}"),
    path=(CONTACT_LIST_ID,),
    query=(FIELDS,),
    returns=one("ContactList"),
    selects={"id": contact_lists},
)
process = operation.process
