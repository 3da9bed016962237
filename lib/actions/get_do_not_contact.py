"""Get a do-not-contact entry

What your account must not do with one number.
"""

from lib.callfire import DO_NOT_CONTACT_NUMBER, GET, Operation, one

operation = Operation(
    GET("/contacts/dncs/{number}"),
    path=(DO_NOT_CONTACT_NUMBER,),
    returns=one("DoNotContact"),
)
process = operation.process
