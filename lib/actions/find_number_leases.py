"""Lookup Leased Numbers

Returns the leased numbers of the account, filtered by place, label or toll-free.
"""

from lib.callfire import FIELDS, GET, LABEL_NAME, PAGE, PLACE, Operation, boolean, page_of

operation = Operation(
    GET("/numbers/leases"),
    query=(
        *PLACE,
        LABEL_NAME,
        boolean("tollFree", "true: only toll-free numbers. false: only local numbers."),
        *PAGE,
        FIELDS,
    ),
    returns=page_of("NumberLease", key=("number",)),
)
process = operation.process
get_meta_model = operation.get_meta_model
