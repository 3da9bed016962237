"""Lookup Available Local Numbers

Returns one page of local numbers that are available for lease. Requires at least one of prefix, city, state and ZIP
code.
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
