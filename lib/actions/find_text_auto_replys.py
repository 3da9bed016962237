"""Lookup Text Auto-Replies

Returns the auto-replies of the account, filtered by number.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, page_of, phone
from lib.callfire.operation.selects import leased_numbers

operation = Operation(
    GET("/texts/auto-replys"),
    query=(phone("number", "Only auto-replies of this leased number, 11 digits, e.g. 12132000384."), *PAGE, FIELDS),
    returns=page_of("TextAutoReply"),
    selects={"number": leased_numbers},
)
process = operation.process
get_meta_model = operation.get_meta_model
