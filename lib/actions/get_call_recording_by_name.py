"""Get a recording of a call by name

What is known of a recording that a call's dialplan stored under a name.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one, text

operation = Operation(
    GET("/calls/{id}/recordings/{name}"),
    path=(integer("id", "ID of the call."), text("name", "Name of the recording.")),
    query=(FIELDS,),
    returns=one("CallRecording"),
)
process = operation.process
