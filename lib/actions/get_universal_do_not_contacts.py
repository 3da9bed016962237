"""Lookup Universal DNC Numbers

Returns the universal do-not-contact (UDNC) entries of a number. The entries block contact by all CallFire accounts.
"""

from lib.callfire import FIELDS, GET, Operation, list_of, phone

operation = Operation(
    GET("/contacts/dncs/universals/{toNumber}"),
    path=(phone("toNumber", "Number to check, 11 digits, e.g. 12132000384."),),
    query=(phone("fromNumber", "Only entries that block contact from this number."), FIELDS),
    returns=list_of("UniversalDoNotContact"),
)
process = operation.process
get_meta_model = operation.get_meta_model
