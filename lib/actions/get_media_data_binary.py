"""Download Media File Without Extension

Downloads a media file (MMS) by its ID and stores it as an attachment of the message.
"""

from lib.callfire import GET, integer
from lib.callfire.files.downloads import DownloadOperation

operation = DownloadOperation(
    GET("/media/{id}/file"),
    path=(integer("id", "ID of the file."),),
    named="media-{id}",
)
process = operation.process
