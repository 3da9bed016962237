"""Lookup Call Recordings

Returns all recordings of a call.
"""

from lib.callfire import FIELDS, GET, Operation, integer, list_of

operation = Operation(
    GET("/calls/{id}/recordings"),
    path=(integer("id", "ID of the call."),),
    query=(FIELDS,),
    returns=list_of("CallRecording"),
)
process = operation.process
get_meta_model = operation.get_meta_model
