"""Lookup DNC Number

Returns the do-not-contact (DNC) entry of a number: which kinds of contact are blocked.
"""

from lib.callfire import DO_NOT_CONTACT_NUMBER, GET, Operation, one

operation = Operation(
    GET("/contacts/dncs/{number}"),
    path=(DO_NOT_CONTACT_NUMBER,),
    returns=one("DoNotContact"),
)
process = operation.process
