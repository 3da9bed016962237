"""Upload a file for picture messages

Makes a picture, sound or film available for texts: BMP, GIF, JPG, M4A, MP3, MP4, PNG or WAV, from the message's
attachment, an address, or base64 content.
"""

from lib.callfire import POST, created, text
from lib.callfire.files.uploads import UploadOperation

operation = UploadOperation(
    POST("/media"),
    form=(text("name", "Name of the file at CallFire; the file's own without it."),),
    returns=created("ID of the new file, to be given in a recipient's media."),
)
process = operation.process
