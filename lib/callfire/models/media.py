"""Files for picture messages."""

from lib.callfire.operation.fields import Model, integer, moment, text

MEDIA = Model(
    "Media",
    "A picture, sound or film that texts can carry.",
    (
        integer("id", "CallFire's id of the file."),
        text("name", "Its name."),
        text("mediaType", "Its type, e.g. JPEG, GIF, MP4."),
        text("publicUrl", "Where anyone who has the address can fetch it."),
        integer("lengthInBytes", "Its size in bytes."),
        moment("created", "When it was uploaded, in Unix milliseconds."),
        integer("accountId", "Account it belongs to."),
    ),
)

FILE = Model(
    "File",
    "A file, by its address or with its content.",
    (
        text("url", "Address to fetch it from, http or https; CallFire's credentials are not sent there.", label="URL"),
        text("content", "Its content as base64, in place of the address."),
        text("filename", "Its name, e.g. greeting.mp3; required with content.", label="File name"),
    ),
)

MODELS = (MEDIA, FILE)
