"""Delete a do-not-contact entry

Your account may contact the number again. Several numbers can be given at once, separated by commas.
"""

from lib.callfire import DELETE, Operation, phone_list

operation = Operation(
    DELETE("/contacts/dncs/{number}"),
    path=(phone_list("number", "The number, 11 digits, e.g. 12132000384; several separated by commas."),),
)
process = operation.process
