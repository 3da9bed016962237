"""Download a recording of a call by name

The recording that a call's dialplan stored under a name, as an MP3 file, stored as an attachment of the message.
"""

from lib.callfire import GET, integer, text
from lib.callfire.files.downloads import DownloadOperation

operation = DownloadOperation(
    GET("/calls/{id}/recordings/{name}.mp3"),
    path=(integer("id", "ID of the call."), text("name", "Name of the recording.")),
    named="{name}.mp3",
)
process = operation.process
