"""Download Media File By Public Key

Downloads a media file (MMS) by its public key and extension. Stores the file as an attachment of the message.
"""

from lib.callfire import GET, text
from lib.callfire.files.downloads import DownloadOperation

operation = DownloadOperation(
    GET("/media/public/{key}.{extension}"),
    path=(
        text("key", "Key of the file: the last part of its public URL."),
        text("extension", "Extension of the file: bmp, gif, jpg, m4a, mp3, mp4, png or wav."),
    ),
    named="{key}.{extension}",
)
process = operation.process
