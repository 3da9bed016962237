"""Files: media for picture messages (MMS), and files to upload."""

from lib.callfire.operation.fields import Model, integer, moment, text

MEDIA = Model(
    "Media",
    "A picture, sound or video for picture messages (MMS).",
    (
        integer("id", "ID of the file."),
        text("name", "Name of the file.", hidden=True),
        text("mediaType", "Type of the file, e.g. JPEG, GIF, MP4.", hidden=True),
        text("publicUrl", "Public URL of the file. No credentials are required."),
        integer("lengthInBytes", "Size in bytes.", hidden=True),
        moment("created", "Time of the upload, in Unix milliseconds.", hidden=True),
        integer("accountId", "Account of the file.", hidden=True),
    ),
)

FILE = Model(
    "File",
    "A file to upload: its URL or its content.",
    (
        text("url", "URL of the file, http or https. The request contains no CallFire credentials.", label="URL"),
        text("content", "Content of the file as base64, instead of a URL."),
        text("filename", "Name of the file, e.g. greeting.mp3. Required with content.", label="File Name"),
    ),
)

MODELS = (MEDIA, FILE)
