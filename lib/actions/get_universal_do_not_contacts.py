"""Find universal do-not-contact entries

What a number has forbidden for all of CallFire, not only for your account.
"""

from lib.callfire import FIELDS, GET, Operation, list_of, phone

operation = Operation(
    GET("/contacts/dncs/universals/{toNumber}"),
    path=(phone("toNumber", "The number that would be contacted, 11 digits, e.g. 12132000384."),),
    query=(phone("fromNumber", "Only what it has forbidden to this number."), FIELDS),
    returns=list_of("UniversalDoNotContact"),
)
process = operation.process
get_meta_model = operation.get_meta_model
