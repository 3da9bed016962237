"""Delete DNC Number

Removes one or more numbers from the do-not-contact (DNC) list of the account. The account may then contact them again.
"""

from lib.callfire import DELETE, Operation, phone_list

operation = Operation(
    DELETE("/contacts/dncs/{number}"),
    path=(phone_list("number", "One or more numbers, separated by commas, 11 digits each, e.g. 12132000384."),),
)
process = operation.process
