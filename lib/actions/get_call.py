"""Lookup Call By ID

Returns a call by its ID, with state, result, attempts and recordings.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/calls/{id}"),
    path=(integer("id", "ID of the call."),),
    query=(FIELDS,),
    returns=one("Call"),
)
process = operation.process
