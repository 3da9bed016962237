"""Upload Media File (MMS)

Uploads a picture, sound or video for picture messages (MMS): BMP, GIF, JPG, M4A, MP3, MP4, PNG or WAV. The file is an
attachment of the message, a URL or base64 content.
"""

from lib.callfire import POST, created, text
from lib.callfire.files.uploads import UploadOperation

operation = UploadOperation(
    POST("/media"),
    form=(text("name", "Name of the file at CallFire. Default: the name of the file."),),
    returns=created("ID of the new file, for the media of a recipient."),
)
process = operation.process
