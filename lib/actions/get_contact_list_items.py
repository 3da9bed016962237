"""Lookup Contacts in Contact List

Returns the contacts of a contact list.
"""

from lib.callfire import CONTACT_LIST_ID, FIELDS, GET, PAGE, Operation, page_of
from lib.callfire.operation.selects import contact_lists

operation = Operation(
    GET("/contacts/lists/{id}/items"),
    path=(CONTACT_LIST_ID,),
    query=(*PAGE, FIELDS),
    returns=page_of("Contact"),
    selects={"id": contact_lists},
)
process = operation.process
get_meta_model = operation.get_meta_model
