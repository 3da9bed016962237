"""Attachments: the files that messages carry, and files at other URLs."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import IO, Any
from urllib.parse import parse_qs, unquote

from elasticio.errors import MessageError, PlatformError, SettingsError
from elasticio.http import HttpClient, HttpResponse, HttpStream
from elasticio.platform import limits
from elasticio.platform.api import PlatformApi
from elasticio.platform.downloads import Download, download, size_of, whole_number
from elasticio.platform.egress import EgressError, EgressPolicy
from elasticio.platform.files import Content, FileContent, FileReader
from elasticio.platform.json_client import USER_AGENT
from elasticio.platform.object_storage import ObjectStorage
from elasticio.platform.retries import send_with_repeats, short_pauses, successful
from elasticio.platform.web_address import WebAddress
from elasticio.wire.message import Message

_UNKNOWN_TYPE = "application/octet-stream"
_CHUNK = 64 * 1024  # bytes


class Attachments:
    """The files that messages carry: `open` reads one, `add` stores one. `fetch` reads a file from any URL.

    No method holds a whole file in memory. Files are in the object storage or, on platforms without one, at URLs that
    the platform's API signs. Other URLs are fetched without the platform's token, if `egress` allows the server.
    """

    def __init__(
        self, storage: ObjectStorage | None, api: PlatformApi | None, egress: EgressPolicy | None = None
    ) -> None:
        self._storage = storage
        self._api = api
        policy = egress or EgressPolicy()
        self._egress = policy.trusting(*_servers(storage.uri)) if storage else policy
        self._knows_signed_storage = False

    def open(self, message: Message | Mapping[str, Any], name: str) -> FileReader:
        """Return an attachment of a message as a stream with `content_type` and `size`.

        Raises MessageError if the message has no such attachment or an invalid entry. Raises MessageError if the
        operator does not allow the URL, or if the file is larger than 100 MB. Raises PlatformError if the file cannot
        be fetched; its `status` is the HTTP status, if any.
        """
        what = f"attachment {name!r}"
        entry = _entry(message, name)
        address = _web_address(entry["url"], f'{what}: its "url"')
        path, _, query = address.target.partition("?")
        if "maester" in parse_qs(query).get("storage_type", ()):
            stream = self._stored(what, path)
        else:
            stream = self._download(address, what, limits.FILE_TIMEOUT, may_be_signed=True).stream
        content_type = entry.get("content-type") or stream.headers.get("content-type") or _type_of(name)
        size = size_of(stream)
        return _reader(stream, what, name, content_type, whole_number(entry.get("size")) if size is None else size)

    def fetch(self, url: str, field: str, *, filename: str = "", timeout: float = limits.FILE_TIMEOUT) -> FileReader:
        """Return the file at a URL as a stream with `name`, `content_type` and `size`.

        `field` names the URL in errors, e.g. "file.url"; errors show the host, never the path or the query. The name
        is `filename`, else the server's file name, else the last part of the path. `timeout` is the maximum pause in
        seconds. The request contains a login only if the URL does.

        Raises MessageError for an invalid or forbidden URL, and for a file larger than 100 MB. Raises PlatformError if
        the file cannot be fetched; its `status` is the HTTP status, if any.
        """
        found = self._download(_web_address(url, f"{field}:"), field, timeout)
        name = filename or found.name or "file"
        return _reader(found.stream, field, name, found.content_type or _type_of(name), size_of(found.stream))

    def add(self, name: str, stream: Content, content_type: str | None = None) -> dict[str, Any]:
        """Store bytes, a binary file or an iterable of bytes, and return the entry for `attachments` of a message.

        The name's extension sets the default content type. Raises MessageError if the content is larger than 100 MB or
        does not consist of bytes. Raises PlatformError if the storage fails, SettingsError without a storage.
        """
        content = FileContent(name, stream)
        content_type = _header_value(content_type, f"attachment {name!r}: its content type") or _type_of(name)
        if self._storage:
            url = self._storage.url(self._storage.put_file(content, content_type))
        elif self._api:
            urls = self._api.create_signed_url()
            self._egress = self._egress.trusting(*_servers(urls["get_url"]))
            url = _put_signed(urls, content, content_type)
        else:
            raise SettingsError(
                "attachments: there is no storage. Set ELASTICIO_OBJECT_STORAGE_URI and ELASTICIO_OBJECT_STORAGE_TOKEN."
            )
        return {"url": url, "content-type": content_type, "size": content.size}

    def _stored(self, what: str, path: str) -> HttpStream:
        """Read an object from the step's own storage. The URL's host is ignored: only the storage may get the token."""
        found = re.search(r"/objects/([^/]+)/?$", path)
        if not found:
            raise MessageError(f'{what}: its "url" names no object of the object storage')
        if not self._storage:
            raise SettingsError(
                f"{what} is in the object storage, which needs ELASTICIO_OBJECT_STORAGE_URI and "
                "ELASTICIO_OBJECT_STORAGE_TOKEN"
            )
        return self._storage.open(unquote(found[1]))

    def _download(self, address: WebAddress, what: str, timeout: float, *, may_be_signed: bool = False) -> Download:
        """Download a file from a server that the policy allows."""
        try:
            return download(address, what, timeout, self._egress)
        except EgressError as error:
            refused = error
        if may_be_signed and self._is_signed_storage(refused):
            return self._download(address, what, timeout)
        raise MessageError(f"{what}: {refused}")

    def _is_signed_storage(self, refused: EgressError) -> bool:
        """Return whether the platform's API signs URLs for this server. The API is asked once."""
        if self._storage or not self._api or self._knows_signed_storage:
            return False
        self._knows_signed_storage = True
        with suppress(PlatformError):
            self._egress = self._egress.trusting(*_servers(self._api.create_signed_url()["get_url"]))
        return refused.server in self._egress.trusted


def _servers(url: str) -> list[tuple[str, int]]:
    """Return the server of a configured URL. An invalid URL has none: its first use reports the error."""
    with suppress(ValueError):
        return [WebAddress.parse(url).server]
    return []


def _put_signed(urls: Mapping[str, str], content: FileContent, content_type: str) -> str:
    """Store a file at a signed URL. Such storages require its length, so the file is written to disk first."""
    from tempfile import TemporaryFile  # noqa: PLC0415 (slow to load: only for files)

    address = WebAddress.parse(urls["put_url"])
    client = HttpClient(address.base, timeout=limits.FILE_TIMEOUT)
    headers = {"Content-Type": content_type, "User-Agent": USER_AGENT}
    headers |= {"Authorization": address.authorization} if address.authorization else {}
    with TemporaryFile() as file:
        for piece in content:
            _write(file, piece)
        headers["Content-Length"] = str(content.size)

        def send() -> HttpResponse:
            return client.request("PUT", address.target, headers=headers, body=_pieces(file))

        what = "PUT at the signed URL"
        successful(send_with_repeats(send, short_pauses(), what), what)
    client.close()
    return urls["get_url"]


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    return iter(lambda: file.read(_CHUNK), b"")


def _write(file: IO[bytes], piece: bytes) -> None:
    try:
        file.write(piece)
    except OSError as error:
        raise PlatformError(f"The temporary copy of a file cannot be written: {error.strerror}") from error


def _reader(stream: HttpStream, what: str, name: str, content_type: str, size: int | None) -> FileReader:
    try:
        return FileReader(stream, what, name=name, content_type=content_type, size=size)
    except MessageError:
        stream.close()
        raise


def _entry(message: Message | Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the entry of an attachment. Its `url`, and its `content-type` if it has one, are strings."""
    attachments = message.attachments if isinstance(message, Message) else message.get("attachments") or {}
    if not isinstance(attachments, Mapping):
        raise MessageError("attachments: must be an object of file names, each with an object that has a url")
    if name not in attachments:
        names = ", ".join(map(repr, attachments)) or "none"
        raise MessageError(f"the message has no attachment {name!r}; its attachments are: {names}")
    entry = attachments[name]
    if not isinstance(entry, Mapping) or not isinstance(entry.get("url"), str):
        raise MessageError(f'attachment {name!r} must be an object with a "url"')
    _header_value(entry.get("content-type"), f'attachment {name!r}: its "content-type"')
    return entry


def _web_address(url: Any, what: str) -> WebAddress:
    with suppress(ValueError):
        return WebAddress.parse(url)
    raise MessageError(f"{what} must be an http:// or https:// address")


def _header_value(value: Any, what: str) -> str | None:
    """Return a text that an HTTP header can contain, None for an empty one."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise MessageError(f"{what} must be a media type such as text/csv")
    return value


def _type_of(name: str) -> str:
    from mimetypes import MimeTypes  # noqa: PLC0415 (slow to load: only for files)

    kind, encoding = MimeTypes().guess_type(name)  # without the system's files: the same types on all machines
    return kind if kind and not encoding else _UNKNOWN_TYPE
