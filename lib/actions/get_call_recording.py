"""Get a recording

Returns the name, length and call of a recording by its ID, without the sound. Download Call Recording (MP3) returns the
sound.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/calls/recordings/{id}"),
    path=(integer("id", "ID of the recording."),),
    query=(FIELDS,),
    returns=one("CallRecording"),
)
process = operation.process
