"""Update DNC Number

Changes the do-not-contact (DNC) entry of a number: which kinds of contact are blocked.
"""

from lib.callfire import DO_NOT_CONTACT_NUMBER, PUT, Operation, properties_of

operation = Operation(
    PUT("/contacts/dncs/{number}"),
    path=(DO_NOT_CONTACT_NUMBER,),
    body=properties_of("DoNotContact"),
)
process = operation.process
