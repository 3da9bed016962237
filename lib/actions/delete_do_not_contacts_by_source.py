"""Delete DNC Numbers By Source

Removes all numbers with a certain source from the do-not-contact (DNC) list of the account. The account may then
contact them again.
"""

from lib.callfire import DELETE, Operation, text

operation = Operation(
    DELETE("/contacts/dncs/sources/{source}"),
    path=(text("source", "Source of the entries to delete."),),
)
process = operation.process
