"""Find keyword settings

What happens with texts to each of your leased keywords.
"""

from lib.callfire import FIELDS, GET, LABEL_NAME, PAGE, Operation, page_of, text

operation = Operation(
    GET("/keywords/leases/configs"),
    query=(text("filter", "Only keywords that contain this.", label="Keyword contains"), LABEL_NAME, *PAGE, FIELDS),
    returns=page_of("KeywordConfig", key=("keyword",)),
)
process = operation.process
get_meta_model = operation.get_meta_model
