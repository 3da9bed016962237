"""Download a media file by its public key

A file for picture messages by the key and extension in its public address, stored as an attachment of the message.
"""

from lib.callfire import GET, text
from lib.callfire.files.downloads import DownloadOperation

operation = DownloadOperation(
    GET("/media/public/{key}.{extension}"),
    path=(
        text("key", "Key of the file: the last part of its public address."),
        text("extension", "Its extension: bmp, gif, jpg, m4a, mp3, mp4, png or wav."),
    ),
    named="{key}.{extension}",
)
process = operation.process
