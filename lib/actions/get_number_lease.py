"""Get a leased number

One of your leased numbers, with its lease and what it can do.
"""

from lib.callfire import FIELDS, GET, LEASED_NUMBER, Operation, one
from lib.callfire.operation.selects import leased_numbers

operation = Operation(
    GET("/numbers/leases/{number}"),
    path=(LEASED_NUMBER,),
    query=(FIELDS,),
    returns=one("NumberLease"),
    selects={"number": leased_numbers},
)
process = operation.process
