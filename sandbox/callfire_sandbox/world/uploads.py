"""Uploaded files: media for texts, sounds for calls."""

import hashlib

from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.world import audio
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World

MEDIA_TYPES = {
    "bmp": "image/x-bmp",
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "m4a": "audio/m4a",
    "mp3": "audio/mp3",
    "mp4": "video/mp4",
    "png": "image/png",
    "wav": "audio/wav",
}


_SIGNATURES = (
    # offset, bytes at that offset, extension
    (0, b"BM", "bmp"),
    (0, b"GIF8", "gif"),
    (0, b"\xff\xd8\xff", "jpg"),
    (4, b"ftypM4A", "m4a"),
    (4, b"ftyp", "mp4"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\x89PNG", "png"),
    (0, b"RIFF", "wav"),
)


def extension_of(filename: str, data: bytes) -> str:
    """Return the extension of a media file, from its name or, without an extension, from its content.

    Raises BadRequestError for other file types.
    """
    named = filename.rpartition(".")[2].lower()
    found = [kind for offset, mark, kind in _SIGNATURES if data[offset : offset + len(mark)] == mark]
    if named in MEDIA_TYPES:
        return named
    if found and "." not in filename:
        return found[0]
    raise BadRequestError(f"file: the type must be one of {', '.join(MEDIA_TYPES)}.")


def add_media(world: World, name: str, extension: str, data: bytes) -> Record:
    """Add a media file. Its public URL contains a key that cannot be derived from the id."""
    number = world.new_id()
    key = hashlib.sha256(f"{world.seed}/{number}".encode()).hexdigest()[:24]
    world.keep_file(number, data)
    return world["media"].add(
        {
            "id": number,
            "accountId": world.account["id"],
            "name": name,
            "created": world.time(),
            "lengthInBytes": len(data),
            "mediaType": MEDIA_TYPES[extension],
            "publicUrl": f"{world.base_url}/media/public/{key}.{extension}",
            "_": {"key": key, "extension": extension},
        }
    )


def add_sound(world: World, name: str, data: bytes, *, status: str = "ACTIVE", listed: bool = True) -> Record:
    """Add a sound. Raises BadRequestError if the file is neither WAV nor MP3."""
    seconds = audio.length(data)
    if seconds is None:
        raise BadRequestError("file: a sound must be a WAV or MP3 file.")
    if seconds > audio.LONGEST:
        raise BadRequestError(f"file: a sound must not be longer than {audio.LONGEST} s.")
    number = world.new_id()
    world.keep_file(number, data)
    known = hashlib.sha256(data).hexdigest()
    return world["sounds"].add(
        {
            "id": number,
            "name": name,
            "created": world.time(),
            "lengthInSeconds": seconds,
            "status": status,
            "duplicate": world["sounds"].count("hash", known) > 0,
            "_": {"hash": known, "listed": listed},
        }
    )
