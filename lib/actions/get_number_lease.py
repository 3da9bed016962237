"""Lookup Leased Number

Returns a leased number, with its lease and features.
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
