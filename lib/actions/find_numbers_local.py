"""Look for local numbers

Local numbers that can be leased. Say where with at least one of prefix, city, state or zipcode; CallFire takes the
nearest place if there is none. It answers one page only.
"""

from lib.callfire import FIELDS, GET, LIMIT, PLACE, Operation, list_of

operation = Operation(
    GET("/numbers/local"),
    query=(
        *PLACE,
        LIMIT.but("At most this many numbers; the form's page size without it."),
        FIELDS,
    ),
    returns=list_of("Number"),
)
process = operation.process
get_meta_model = operation.get_meta_model
