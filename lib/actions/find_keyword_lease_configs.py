"""Lookup Keyword Configurations

Returns the inbound text settings of the leased keywords.
"""

from lib.callfire import FIELDS, GET, LABEL_NAME, PAGE, Operation, page_of, text

operation = Operation(
    GET("/keywords/leases/configs"),
    query=(
        text("filter", "Only keywords that contain this text.", label="Keyword Contains"),
        LABEL_NAME,
        *PAGE,
        FIELDS,
    ),
    returns=page_of("KeywordConfig", key=("keyword",)),
)
process = operation.process
get_meta_model = operation.get_meta_model
