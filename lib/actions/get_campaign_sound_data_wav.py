"""Download Sound (WAV)

Downloads a sound as a WAV file and stores it as an attachment of the message.
"""

from lib.callfire import GET, SOUND_ID
from lib.callfire.files.downloads import DownloadOperation
from lib.callfire.operation.selects import sounds

operation = DownloadOperation(
    GET("/campaigns/sounds/{id}.wav"),
    path=(SOUND_ID,),
    named="sound-{id}.wav",
    selects={"id": sounds},
)
process = operation.process
