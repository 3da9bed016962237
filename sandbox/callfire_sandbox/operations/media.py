"""Media of texts: pictures, sounds and videos (`/media`)."""

from callfire_sandbox.api.models.common import RESOURCE_ID
from callfire_sandbox.api.models.media import MEDIA
from callfire_sandbox.api.operation import Content, Parameter, Request, operation
from callfire_sandbox.api.resources import Resource, contains
from callfire_sandbox.api.schema import FILE, STRING
from callfire_sandbox.errors import NotFoundError
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.uploads import MEDIA_TYPES, add_media, extension_of

TYPES = tuple(MEDIA_TYPES.values())

FILES = Resource("media", "media", MEDIA)
FILES.find("findMedia", "GET /media", "Find media", contains("filter", "name"))
FILES.get("getMedia", "GET /media/{id}", "Get a specific media")


@operation(
    "createMedia",
    "POST /media",
    form=(Parameter("file", FILE, required=True), Parameter("name", STRING)),
    returns=RESOURCE_ID,
)
def create_media(request: Request) -> Record:
    """Create media"""
    upload = request.files["file"]
    extension = extension_of(upload.filename, upload.data)
    return {"id": add_media(request.world, request.body["name"] or upload.filename, extension, upload.data)["id"]}


@operation("getMediaData", "GET /media/{id}.{extension}", returns=FILE, produces=TYPES)
def get_media_data(request: Request) -> Content:
    """Download media by extension"""
    return _content(request, FILES.need(request))


@operation("getMediaDataBinary", "GET /media/{id}/file", returns=FILE, produces=("application/binary",))
def get_media_data_binary(request: Request) -> Content:
    """Download a MP3 media"""
    return Content(request.world.files[FILES.need(request)["id"]], "application/binary")


@operation("getMediaDataByKey", "GET /media/public/{key}.{extension}", returns=FILE, produces=TYPES, login="none")
def get_media_data_by_key(request: Request) -> Content:
    """Download media by extension"""
    media = request.world["media"].first(key=request.path["key"])
    if media is None:
        raise NotFoundError("There is no media with this key.")
    return _content(request, media)


def _content(request: Request, media: Record) -> Content:
    if request.path["extension"].lower() != media["_"]["extension"]:
        raise NotFoundError(f"The extension of this media is {media['_']['extension']}.")
    return Content(request.world.files[media["id"]], media["mediaType"])
