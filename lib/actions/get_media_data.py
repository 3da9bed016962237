"""Download Media File

Downloads a media file (MMS) by its ID and extension. Stores the file as an attachment of the message.
"""

from lib.callfire import GET, integer, text
from lib.callfire.files.downloads import DownloadOperation

operation = DownloadOperation(
    GET("/media/{id}.{extension}"),
    path=(
        integer("id", "ID of the file."),
        text("extension", "Extension of the file: bmp, gif, jpg, m4a, mp3, mp4, png or wav."),
    ),
    named="media-{id}.{extension}",
)
process = operation.process
