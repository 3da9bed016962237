"""Find contact lists

Your contact lists, by a part of the name or the whole of it.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, boolean, integer, page_of, text

operation = Operation(
    GET("/contacts/lists"),
    query=(
        text("name", "Only lists whose name contains this."),
        boolean("exactMatch", "true: the name must be the same, not only contain it."),
        integer("contactCount", "Only lists with this number of contacts, as far as CallFire tells."),
        text("orderBy", "Property to sort by, as far as CallFire tells."),
        *PAGE,
        FIELDS,
    ),
    returns=page_of("ContactList"),
)
process = operation.process
get_meta_model = operation.get_meta_model
