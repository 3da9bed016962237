"""Attachments: the files that messages carry, and other files behind web addresses."""

import email.message
import mimetypes
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests

from elasticio.errors import MessageError, PlatformError, SettingsError
from elasticio.platform import limits
from elasticio.platform.api import PlatformApi
from elasticio.platform.egress import EgressAdapter, EgressError, EgressPolicy, server_of
from elasticio.platform.files import Content, FileContent, FileReader, ResponseBody
from elasticio.platform.http import Session, get, send_with_repeats, successful
from elasticio.platform.object_storage import ObjectStorage, pauses
from elasticio.wire.message import Message

_UNKNOWN_TYPE = "application/octet-stream"
_LONGEST_LENGTH = 15  # digits of a size


class Attachments:
    """The files that messages carry: `open` reads one, `add` stores one. `fetch` reads a file from any web address.

    No method holds a whole file in memory. Files are in the object storage or, on platforms without one, behind URLs
    that the platform's API signs. Any other URL is fetched without a login, and only as `egress` allows.
    """

    def __init__(
        self, storage: ObjectStorage | None, api: PlatformApi | None, egress: EgressPolicy | None = None
    ) -> None:
        self._storage = storage
        self._api = api
        policy = egress or EgressPolicy()
        self._egress = policy.trusting(storage.uri) if storage else policy
        self._knows_signed_storage = False

    def open(self, message: Message | Mapping[str, Any], name: str) -> FileReader:
        """Return an attachment of a message as a stream with `content_type` and `size`.

        Raises MessageError if the message has no such attachment, if its entry is invalid, if the operator does not
        allow its URL, or if the file is larger than 100 MB. Raises PlatformError (with the HTTP status, if any) if it
        cannot be fetched.
        """
        what = f"attachment {name!r}"
        entry = _entry(message, name)
        url = _web_address(entry["url"], f'{what}: its "url"')
        parts = urlsplit(url)
        if "maester" in parse_qs(parts.query).get("storage_type", ()):
            response = self._stored(what, parts.path)
        else:
            response = self._get(url, what, limits.FILE_TIMEOUT, may_be_signed=True)
        content_type = entry.get("content-type") or response.headers.get("content-type") or _type_of(name)
        size = _size(response)
        return _reader(response, what, name, content_type, _whole(entry.get("size")) if size is None else size)

    def fetch(self, url: str, field: str, *, filename: str = "", timeout: float = limits.FILE_TIMEOUT) -> FileReader:
        """Return the file at a web address as a stream with `name`, `content_type` and `size`.

        `field` names the URL in errors, e.g. "file.url"; they show the host, never path or query. The name is
        `filename`, else the one that the server gives, else the last part of the path. `timeout` is the longest pause
        in seconds. The request carries no login but one in the URL itself.

        Raises MessageError for an invalid URL, one that the operator does not allow, and a file larger than 100 MB.
        Raises PlatformError if the file cannot be fetched: with the HTTP status if there was an answer.
        """
        response = self._get(_web_address(url, f"{field}:"), field, timeout)
        name = filename or _given_name(response) or _safe(unquote(urlsplit(response.url).path)) or "file"
        content_type = response.headers.get("content-type", "").partition(";")[0].strip() or _type_of(name)
        return _reader(response, field, name, content_type, _size(response))

    def add(self, name: str, stream: Content, content_type: str | None = None) -> dict[str, Any]:
        """Store bytes, a binary file or an iterable of bytes, and return the entry for `attachments` of a message.

        The default content type is guessed from the name. Raises MessageError if the content is larger than 100 MB or
        does not consist of bytes, PlatformError if it cannot be stored, SettingsError if there is no storage.
        """
        content = FileContent(name, stream)
        content_type = _header_value(content_type, f"attachment {name!r}: its content type") or _type_of(name)
        if self._storage:
            url = self._storage.url(self._storage.put_file(content, content_type))
        elif self._api:
            urls = self._api.create_signed_url()
            self._egress = self._egress.trusting(urls["get_url"])
            url = _put_signed(urls, content, content_type)
        else:
            raise SettingsError(
                "attachments need ELASTICIO_OBJECT_STORAGE_URI and ELASTICIO_OBJECT_STORAGE_TOKEN, or the API"
            )
        return {"url": url, "content-type": content_type, "size": content.size}

    def _stored(self, what: str, path: str) -> requests.Response:
        """Read from the step's own storage, whatever host the URL names: the token is for no other."""
        found = re.search(r"/objects/([^/]+)/?$", path)
        if not found:
            raise MessageError(f'{what}: its "url" names no object of the object storage')
        if not self._storage:
            raise SettingsError(
                f"{what} is in the object storage, which needs ELASTICIO_OBJECT_STORAGE_URI and "
                "ELASTICIO_OBJECT_STORAGE_TOKEN"
            )
        return self._storage.open(unquote(found[1]))

    def _get(self, url: str, what: str, timeout: float, *, may_be_signed: bool = False) -> requests.Response:
        """Ask any server for a file, as the policy allows."""
        try:
            return _download(url, what, timeout, self._egress)
        except EgressError as error:
            refused = error
        if may_be_signed and self._is_signed_storage(refused):
            return self._get(url, what, timeout)
        raise MessageError(f"{what}: {refused}")

    def _is_signed_storage(self, refused: EgressError) -> bool:
        """Return whether the server is the one for which the platform's API signs URLs; ask it once."""
        if self._storage or not self._api or self._knows_signed_storage:
            return False
        self._knows_signed_storage = True
        with suppress(PlatformError):
            self._egress = self._egress.trusting(self._api.create_signed_url()["get_url"])
        return refused.server in self._egress.trusted


def _download(url: str, what: str, timeout: float, policy: EgressPolicy) -> requests.Response:
    session = Session(adapter=EgressAdapter(policy))  # one for each file, so that no cookie is sent to another
    what = f"{what}: GET at {server_of(url)[0][:255]}"
    headers = {"Accept": "*/*", "Accept-Encoding": "identity"}  # so that the server can tell the length
    times = (min(timeout, limits.CONNECT_TIMEOUT), timeout)

    def send() -> requests.Response:
        return get(session, url, what, headers=headers, timeout=times)

    return successful(send_with_repeats(send, pauses(), what), what)


def _put_signed(urls: Mapping[str, str], content: FileContent, content_type: str) -> str:
    """Store a file behind signed URLs. Such storages need its length, so the file is written to the disk first."""
    with tempfile.TemporaryFile() as file, Session() as session:
        for piece in content:
            _write(file, piece)

        def send() -> requests.Response:
            file.seek(0)
            return session.put(
                urls["put_url"],
                file if content.size else b"",  # an empty file would be sent without a length
                headers={"content-type": content_type},
                timeout=limits.FILE_TIMEOUT,
                stream=True,
            )

        what = "PUT at the signed URL"
        successful(send_with_repeats(send, pauses(), what), what).close()
    return urls["get_url"]


def _write(file: IO[bytes], piece: bytes) -> None:
    try:
        file.write(piece)
    except OSError as error:
        raise PlatformError(f"The temporary copy of a file cannot be written: {error.strerror}") from error


def _reader(response: requests.Response, what: str, name: str, content_type: str, size: int | None) -> FileReader:
    try:
        return FileReader(ResponseBody(response), what, name=name, content_type=content_type, size=size)
    except MessageError:
        response.close()
        raise


def _entry(message: Message | Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the entry of an attachment, with a `url` and perhaps a `content-type` that are texts."""
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


def _web_address(url: Any, what: str) -> str:
    """Return a URL of http or https that has a host; raises MessageError for anything else."""
    if isinstance(url, str) and re.match("https?://", url, re.IGNORECASE):
        with suppress(ValueError):
            url.encode()
            if server_of(url)[0]:
                return url
    raise MessageError(f"{what} must be an http:// or https:// address")


def _header_value(value: Any, what: str) -> str | None:
    """Return a text that an HTTP header can hold, None for no text."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise MessageError(f"{what} must be a media type such as text/csv")
    return value


def _size(response: requests.Response) -> int | None:
    """Return the number of bytes to be read as the server gives it, None if it compresses them."""
    return None if "content-encoding" in response.headers else _whole(response.headers.get("content-length"))


def _whole(value: Any) -> int | None:
    digits = str(value)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_LENGTH else None


def _given_name(response: requests.Response) -> str:
    """Return the file name in Content-Disposition, empty without one."""
    header = email.message.Message()
    header["Content-Disposition"] = response.headers.get("content-disposition", "")
    name = header.get_filename("")
    with suppress(UnicodeError):  # http.client reads headers as Latin-1; servers write UTF-8
        name = name.encode("latin-1").decode()
    return _safe(name)


def _safe(name: str) -> str:
    """Return the last part of a path without control characters."""
    return "".join(filter(str.isprintable, re.split(r"[/\\]", name)[-1])).strip()


def _type_of(name: str) -> str:
    kind, encoding = mimetypes.MimeTypes().guess_type(name)  # its own table, the same on all machines
    return kind if kind and not encoding else _UNKNOWN_TYPE
