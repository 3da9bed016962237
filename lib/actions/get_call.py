"""Get a call

One call by its ID, with its state, its result, every attempt and the recordings.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/calls/{id}"),
    path=(integer("id", "ID of the call."),),
    query=(FIELDS,),
    returns=one("Call"),
)
process = operation.process
