"""Lookup Call Recording By Name

Returns the details of a recording by its name and the ID of its call. The dialplan of the call sets the name.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one, text

operation = Operation(
    GET("/calls/{id}/recordings/{name}"),
    path=(integer("id", "ID of the call."), text("name", "Name of the recording.")),
    query=(FIELDS,),
    returns=one("CallRecording"),
)
process = operation.process
