"""Get a media file's details

What is known of a file for picture messages by its ID: name, type, size, public address.
"""

from lib.callfire import FIELDS, GET, Operation, integer, one

operation = Operation(
    GET("/media/{id}"),
    path=(integer("id", "ID of the file."),),
    query=(FIELDS,),
    returns=one("Media"),
)
process = operation.process
