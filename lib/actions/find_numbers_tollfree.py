"""Lookup Available Toll-Free Numbers

Returns toll-free numbers that are available for lease. The result is limited to one page.
"""

from lib.callfire import FIELDS, GET, LIMIT, Operation, list_of, text

operation = Operation(
    GET("/numbers/tollfree"),
    query=(
        text("pattern", "First three digits. The last ones can be asterisks, e.g. 85*."),
        LIMIT.but("Maximum number of results. Default: the form's Page Size."),
        FIELDS,
    ),
    returns=list_of("Number"),
)
process = operation.process
get_meta_model = operation.get_meta_model
