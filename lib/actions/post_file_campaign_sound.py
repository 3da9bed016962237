"""Upload a sound

Makes a sound of an MP3 or WAV file: the message's attachment, an address, or base64 content.
"""

from lib.callfire import FIELDS, POST, one, text
from lib.callfire.files.uploads import UploadOperation

operation = UploadOperation(
    POST("/campaigns/sounds/files"),
    query=(FIELDS,),
    form=(text("name", "Name of the sound; that of the file without it."),),
    returns=one("CampaignSound"),
)
process = operation.process
