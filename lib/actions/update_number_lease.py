"""Update Leased Number

Changes the lease of a number: renewal, labels, and whether calls and texts are enabled.
"""

from lib.callfire import LEASED_NUMBER, PUT, Operation, properties_of
from lib.callfire.operation.selects import leased_numbers

operation = Operation(
    PUT("/numbers/leases/{number}"),
    path=(LEASED_NUMBER,),
    body=properties_of("NumberLease"),
    selects={"number": leased_numbers},
)
process = operation.process
