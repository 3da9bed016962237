"""Lookup Contact Lists

Returns contact lists, filtered by name.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, boolean, integer, page_of, text

operation = Operation(
    GET("/contacts/lists"),
    query=(
        text("name", "Only lists whose name contains this text."),
        boolean("exactMatch", "true: only lists with exactly this name."),
        integer("contactCount", "Only lists with this number of contacts. CallFire does not document this filter."),
        text("orderBy", "Property to sort by. CallFire does not document the allowed values."),
        *PAGE,
        FIELDS,
    ),
    returns=page_of("ContactList"),
)
process = operation.process
get_meta_model = operation.get_meta_model
