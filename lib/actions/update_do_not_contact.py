"""Update a do-not-contact entry

Changes what your account must not do with one number.
"""

from lib.callfire import DO_NOT_CONTACT_NUMBER, PUT, Operation, properties_of

operation = Operation(
    PUT("/contacts/dncs/{number}"),
    path=(DO_NOT_CONTACT_NUMBER,),
    body=properties_of("DoNotContact"),
)
process = operation.process
