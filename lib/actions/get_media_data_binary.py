"""Download a media file without its extension

A file for picture messages by its ID, where you do not know its type; stored as an attachment of the message.
"""

from lib.callfire import GET, integer
from lib.callfire.files.downloads import DownloadOperation

operation = DownloadOperation(
    GET("/media/{id}/file"),
    path=(integer("id", "ID of the file."),),
    named="media-{id}",
)
process = operation.process
