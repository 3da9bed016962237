"""Lookup Media File By ID

Returns the name, type, size and public URL of a media file (MMS) by its ID.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/media/{id}"),
    path=(integer("id", "ID of the file."),),
    query=(FIELDS,),
    returns=one("Media"),
)
process = operation.process
