"""Download Call Recording (MP3)

Downloads a call recording as an MP3 file and stores it as an attachment of the message.
"""

from lib.callfire import GET, integer
from lib.callfire.files.downloads import DownloadOperation

operation = DownloadOperation(
    GET("/calls/recordings/{id}.mp3"),
    path=(integer("id", "ID of the recording."),),
    named="recording-{id}.mp3",
)
process = operation.process
