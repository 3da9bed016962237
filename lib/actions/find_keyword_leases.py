"""Find leased keywords

Keywords your account has leased, by name or label.
"""

from lib.callfire import FIELDS, GET, LABEL_NAME, PAGE, Operation, page_of, text

operation = Operation(
    GET("/keywords/leases"),
    query=(text("filter", "Only keywords that contain this.", label="Keyword contains"), LABEL_NAME, *PAGE, FIELDS),
    returns=page_of("KeywordLease", key=("keyword",)),
)
process = operation.process
get_meta_model = operation.get_meta_model
