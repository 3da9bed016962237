"""Files for picture messages."""

from lib.callfire.fields import Model, integer, moment, text

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

MODELS = (MEDIA,)
