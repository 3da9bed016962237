"""Look for local numbers

Returns local numbers that are available for lease. Give at least one of prefix, city, state and zipcode; CallFire
returns the nearest place if it has no match. The result is limited to one page.
"""

from lib.callfire import FIELDS, GET, LIMIT, PLACE, Operation, list_of

operation = Operation(
    GET("/numbers/local"),
    query=(
        *PLACE,
        LIMIT.but("Maximum number of results. Default: the form's Page Size."),
        FIELDS,
    ),
    returns=list_of("Number"),
)
process = operation.process
get_meta_model = operation.get_meta_model
