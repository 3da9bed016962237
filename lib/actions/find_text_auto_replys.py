"""Find automatic replies

The answers CallFire sends by itself to texts that come in, perhaps on one number only.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, page_of, phone
from lib.callfire.operation.selects import leased_numbers

operation = Operation(
    GET("/texts/auto-replys"),
    query=(phone("number", "Only replies on this number of yours, 11 digits, e.g. 12132000384."), *PAGE, FIELDS),
    returns=page_of("TextAutoReply"),
    selects={"number": leased_numbers},
)
process = operation.process
get_meta_model = operation.get_meta_model
