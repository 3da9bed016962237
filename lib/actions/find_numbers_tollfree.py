"""Look for toll-free numbers

Toll-free numbers that can be leased. CallFire answers one page only.
"""

from lib.callfire import FIELDS, GET, LIMIT, Operation, list_of, text

operation = Operation(
    GET("/numbers/tollfree"),
    query=(
        text("pattern", "First digits, three characters of which the last is a star: 8** or 85*."),
        LIMIT.but("At most this many numbers; the form's page size without it."),
        FIELDS,
    ),
    returns=list_of("Number"),
)
process = operation.process
get_meta_model = operation.get_meta_model
