"""Lookup Leased Keywords

Returns the leased keywords of the account, filtered by keyword or label.
"""

from lib.callfire import FIELDS, GET, LABEL_NAME, PAGE, Operation, page_of, text

operation = Operation(
    GET("/keywords/leases"),
    query=(
        text("filter", "Only keywords that contain this text.", label="Keyword Contains"),
        LABEL_NAME,
        *PAGE,
        FIELDS,
    ),
    returns=page_of("KeywordLease", key=("keyword",)),
)
process = operation.process
get_meta_model = operation.get_meta_model
