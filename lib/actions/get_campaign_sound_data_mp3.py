"""Download Sound (MP3)

Downloads a sound as an MP3 file and stores it as an attachment of the message.
"""

from lib.callfire import GET, SOUND_ID
from lib.callfire.files.downloads import DownloadOperation
from lib.callfire.operation.selects import sounds

operation = DownloadOperation(
    GET("/campaigns/sounds/{id}.mp3"),
    path=(SOUND_ID,),
    named="sound-{id}.mp3",
    selects={"id": sounds},
)
process = operation.process
