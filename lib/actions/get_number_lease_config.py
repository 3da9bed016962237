"""Lookup Number Configuration

Returns the inbound call and text settings of a leased number.
"""

from lib.callfire import FIELDS, GET, LEASED_NUMBER, Operation, one
from lib.callfire.operation.selects import leased_numbers

operation = Operation(
    GET("/numbers/leases/configs/{number}"),
    path=(LEASED_NUMBER,),
    query=(FIELDS,),
    returns=one("NumberConfig"),
    selects={"number": leased_numbers},
)
process = operation.process
