"""Upload Sound

Uploads an MP3 or WAV file as a sound for calls. The file is an attachment of the message, a URL or base64 content.
"""

from lib.callfire import FIELDS, POST, one, text
from lib.callfire.files.uploads import UploadOperation

operation = UploadOperation(
    POST("/campaigns/sounds/files"),
    query=(FIELDS,),
    form=(text("name", "Name of the sound. Default: the name of the file."),),
    returns=one("CampaignSound"),
)
process = operation.process
