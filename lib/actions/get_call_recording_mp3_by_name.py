"""Download Call Recording By Name (MP3)

Downloads a call recording by its name and the ID of its call. Stores the MP3 file as an attachment of the message.
"""

from lib.callfire import GET, integer, text
from lib.callfire.files.downloads import DownloadOperation

operation = DownloadOperation(
    GET("/calls/{id}/recordings/{name}.mp3"),
    path=(integer("id", "ID of the call."), text("name", "Name of the recording.")),
    named="{name}.mp3",
)
process = operation.process
