"""Attachments: the files that messages carry."""

import mimetypes
import re
import tempfile
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests

from elasticio.errors import MessageError, SettingsError
from elasticio.platform.api import PlatformApi
from elasticio.platform.files import Content, FileContent, FileReader
from elasticio.platform.http import Session, send_with_repeats
from elasticio.platform.object_storage import FILE_TIMEOUT, ObjectStorage, accepted, pauses
from elasticio.wire.message import Message

_UNKNOWN_TYPE = "application/octet-stream"


class Attachments:
    """The files that messages carry: `open` reads one, `add` stores one, neither holds it in memory.

    Files lie in the object storage or, on platforms without one, behind addresses that the platform's API signs.
    """

    def __init__(self, storage: ObjectStorage | None, api: PlatformApi | None) -> None:
        self._storage = storage
        self._api = api

    def open(self, message: Message | Mapping[str, Any], name: str) -> FileReader:
        """Return an attachment of a message as a stream with `content_type` and `size`, to be used in `with` or closed.

        Raises MessageError where the message has no such attachment or where it is larger than 100 MB, PlatformError
        (with the HTTP status, if any) where it cannot be fetched.
        """
        entry = _entry(message, name)
        url = str(entry["url"])
        parts = urlsplit(url)
        if "maester" in parse_qs(parts.query).get("storage_type", ()):
            answer = self._stored(name, parts.path)
        elif parts.scheme in {"http", "https"}:
            answer = _fetch(name, url)
        else:
            raise MessageError(f'attachment {name!r}: its "url" must begin with http:// or https://')
        content_type = entry.get("content-type") or answer.headers.get("content-type") or _guess_type(name)
        try:
            return FileReader(name, answer, content_type, _size(answer, entry))
        except MessageError:
            answer.close()
            raise

    def add(self, name: str, stream: Content, content_type: str | None = None) -> dict[str, Any]:
        """Store bytes, a binary file or an iterable of bytes, and return the entry for `attachments` of a message.

        The content type is guessed from the name unless it is given. Raises MessageError for what is larger than 100
        MB or no bytes, PlatformError where it could not be stored.
        """
        upload = FileContent(name, stream)
        content_type = content_type or _guess_type(name)
        if self._storage:
            url = self._storage.url(self._storage.put_stream(upload, content_type))
        elif self._api:
            url = _put_signed(self._api.create_signed_url(), upload, content_type)
        else:
            raise SettingsError(
                "attachments need ELASTICIO_OBJECT_STORAGE_URI and _TOKEN, or the platform's API: there is neither"
            )
        return {"url": url, "content-type": content_type, "size": upload.size}

    def _stored(self, name: str, path: str) -> requests.Response:
        """Fetch from the own storage, wherever the address leads: the token is for no other."""
        found = re.search(r"/objects/([^/]+)/?$", path)
        if not found:
            raise MessageError(f'attachment {name!r}: its "url" names no object of the object storage')
        if not self._storage:
            raise SettingsError(
                f"attachment {name!r} lies in the object storage, which needs ELASTICIO_OBJECT_STORAGE_URI and _TOKEN"
            )
        return self._storage.get_stream(unquote(found[1]))


def _entry(message: Message | Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return what the message says of an attachment."""
    attachments = message.attachments if isinstance(message, Message) else message.get("attachments") or {}
    if name not in attachments:
        names = ", ".join(map(repr, attachments)) or "none"
        raise MessageError(f"the message has no attachment {name!r}; its attachments are: {names}")
    entry = attachments[name]
    if not isinstance(entry, Mapping) or not isinstance(entry.get("url"), str):
        raise MessageError(f'attachment {name!r} must be an object with a "url"')
    return entry


def _fetch(name: str, url: str) -> requests.Response:
    """Ask any server for a file. A session for each, so that no cookie is carried from one to another."""
    session = Session()
    what = f"attachment {name!r}: GET at its address"

    def send() -> requests.Response:
        return session.get(url, stream=True, timeout=FILE_TIMEOUT)

    return accepted(send_with_repeats(send, pauses(), what), what)


def _put_signed(urls: Mapping[str, str], upload: FileContent, content_type: str) -> str:
    """Store a file behind signed addresses. Such storages want to know its length, so it goes to the disk first."""
    with tempfile.TemporaryFile() as file, Session() as session:
        for piece in upload:
            file.write(piece)

        def send() -> requests.Response:
            file.seek(0)
            data = file if upload.size else b""  # an empty file would be sent without a length
            headers = {"content-type": content_type}
            return session.put(urls["put_url"], data, headers=headers, timeout=FILE_TIMEOUT, allow_redirects=False)

        what = "PUT at the signed address"
        accepted(send_with_repeats(send, pauses(), what), what)
    return urls["get_url"]


def _size(answer: requests.Response, entry: Mapping[str, Any]) -> int | None:
    """Return the number of bytes to be read as the server tells it (unless it compresses them), else the message."""
    told = "" if "content-encoding" in answer.headers else answer.headers.get("content-length", "")
    told = told or str(entry.get("size"))
    return int(told) if told.isdecimal() else None


def _guess_type(name: str) -> str:
    kind, encoding = mimetypes.MimeTypes().guess_type(name)  # its own table, the same on all machines
    return kind if kind and not encoding else _UNKNOWN_TYPE
