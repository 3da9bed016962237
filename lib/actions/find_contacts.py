"""Find contacts

Contacts by ID, number, list or a property of your own. With `id` or `number` given, CallFire ignores the other filters.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, integer, integers, page_of, phones, text
from lib.callfire.operation.selects import contact_lists

operation = Operation(
    GET("/contacts"),
    query=(
        integers("id", "Only the contacts with these IDs; other filters are ignored then.", label="IDs"),
        phones(
            "number",
            "Only contacts with one of these numbers, 11 digits each; other filters are ignored then.",
            label="Numbers",
        ),
        integer("contactListId", "Only contacts on this list."),
        text("propertyName", "Name of a property of your own; give its value too."),
        text("propertyValue", "Only contacts whose property of that name has this value."),
        *PAGE,
        FIELDS,
    ),
    returns=page_of("Contact"),
    selects={"contactListId": contact_lists},
)
process = operation.process
get_meta_model = operation.get_meta_model
