"""Lookup Orders

Returns orders of numbers and keywords, filtered by time and status.
"""

from lib.callfire import FIELDS, GET, INTERVAL, PAGE, Operation, page_of, texts

operation = Operation(
    GET("/orders"),
    query=(
        texts(
            "status",
            "Only orders with one of these statuses: PROCESSING, FINISHED, PAYMENT_ERROR, VOID, WAIT_FOR_PAYMENT, "
            "PARTIALLY_ADJUSTED, ADJUSTED.",
        ),
        *INTERVAL,
        *PAGE,
        FIELDS,
    ),
    returns=page_of("NumberOrder"),
)
process = operation.process
get_meta_model = operation.get_meta_model
