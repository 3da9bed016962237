"""Get a recording

What is known of a recording by its ID: name, length, call. The sound itself is a download of its own.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/calls/recordings/{id}"),
    path=(integer("id", "ID of the recording."),),
    query=(FIELDS,),
    returns=one("CallRecording"),
)
process = operation.process
