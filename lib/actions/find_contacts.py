"""Lookup Contacts

Returns contacts, filtered by ID, number, contact list or a custom property. If IDs or numbers are given, CallFire
ignores the other filters.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, integer, integers, page_of, phones, text
from lib.callfire.operation.selects import contact_lists

operation = Operation(
    GET("/contacts"),
    query=(
        integers("id", "Only the contacts with these IDs. CallFire then ignores the other filters.", label="IDs"),
        phones(
            "number",
            "Only contacts with one of these numbers, 11 digits each. CallFire then ignores the other filters.",
            label="Numbers",
        ),
        integer("contactListId", "Only contacts on this list."),
        text("propertyName", "Name of a custom property. Requires propertyValue."),
        text("propertyValue", "Value of the custom property. Requires propertyName."),
        *PAGE,
        FIELDS,
    ),
    returns=page_of("Contact"),
    selects={"contactListId": contact_lists},
)
process = operation.process
get_meta_model = operation.get_meta_model
