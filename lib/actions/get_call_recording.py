"""Lookup Call Recording By ID

Returns the name, length and call of a recording by its ID. Use Download Call Recording (MP3) for the sound itself.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/calls/recordings/{id}"),
    path=(integer("id", "ID of the recording."),),
    query=(FIELDS,),
    returns=one("CallRecording"),
)
process = operation.process
