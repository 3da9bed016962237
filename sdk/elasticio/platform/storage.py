"""The platform's object storage ("maester"), and the attachments that lie there or behind any other address."""

import mimetypes
import random
import re
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import requests

from elasticio.errors import MessageError, PlatformError, SettingsError
from elasticio.platform.api import PlatformApi
from elasticio.platform.http import Session, send_with_repeats
from elasticio.platform.streams import Content, Download, Upload
from elasticio.wire.message import Message

_TIMEOUT = 10  # seconds without a sign of life
_ATTACHMENT_TIMEOUT = 20
_REPEATS = 2
_LONGEST_PAUSE = 15  # seconds
_UNKNOWN_TYPE = "application/octet-stream"


class ObjectStorage:
    """Objects of bytes, known by the ids that the storage gives them.

    The token is sent as it is, and never to another host: redirects are not followed. Answers of 5xx and network
    failures are tried again twice. Raises PlatformError; its `status` is 404 for an object that is not there.
    `request_id` is sent along, for the platform to trace a request by: `f:FLOW;s:STEP;m:MESSAGE`.
    """

    def __init__(self, uri: str, token: str, request_id: str = "") -> None:
        self._uri = uri.rstrip("/")
        self._headers = {"x-request-id": request_id} if request_id else {}

        def login(request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers["Authorization"] = f"Bearer {token}"
            return request

        self._session = Session(login)

    def put(self, data: bytes, content_type: str = "application/json") -> str:
        """Store an object and return its id."""
        return self.put_stream(data, content_type, _TIMEOUT)

    def put_stream(self, data: bytes | Upload, content_type: str, timeout: float = _ATTACHMENT_TIMEOUT) -> str:
        """Store an object of any size and return its id. Repeated only where the data can be had once more."""
        headers = {"content-type": content_type}
        answer = self._send("POST", "/objects", _repeats(data), data=data, headers=headers, timeout=timeout)
        try:
            return str(answer.json()["objectId"])
        except (requests.JSONDecodeError, KeyError, TypeError) as error:
            raise PlatformError("the object storage answered POST without an objectId", answer.status_code) from error

    def get(self, object_id: str) -> bytes:
        """Return an object's bytes."""
        return self._send("GET", _path(object_id), _repeats()).content

    def get_stream(self, object_id: str) -> requests.Response:
        """Return the answer that holds an object, its body still to be read; to be closed by the caller."""
        return self._send("GET", _path(object_id), _repeats(), stream=True, timeout=_ATTACHMENT_TIMEOUT)

    def delete(self, object_id: str) -> None:
        """Remove an object."""
        self._send("DELETE", _path(object_id), _repeats())

    def url(self, object_id: str) -> str:
        """Return the address under which an attachment is passed on."""
        return f"{self._uri}{_path(object_id)}?storage_type=maester"

    def _send(
        self,
        method: str,
        path: str,
        pauses: Iterator[float],
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = _TIMEOUT,
        **options: Any,
    ) -> requests.Response:
        options |= {"headers": {**self._headers, **(headers or {})}, "timeout": timeout, "allow_redirects": False}
        what = f"{method} at the object storage"
        answer = send_with_repeats(lambda: self._session.request(method, self._uri + path, **options), pauses, what)
        return _accepted(answer, what)


class Attachments:
    """The files that messages carry: `open` reads one, `add` stores one, neither holds it in memory.

    Files lie in the object storage or, on platforms without one, behind addresses that the platform's API signs.
    """

    def __init__(self, storage: ObjectStorage | None, api: PlatformApi | None) -> None:
        self._storage = storage
        self._api = api

    def open(self, message: Message | Mapping[str, Any], name: str) -> Download:
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
            return Download(name, answer, content_type, _size(answer, entry))
        except MessageError:
            answer.close()
            raise

    def add(self, name: str, stream: Content, content_type: str | None = None) -> dict[str, Any]:
        """Store bytes, a binary file or an iterable of bytes, and return the entry for `attachments` of a message.

        The content type is guessed from the name unless it is given. Raises MessageError for what is larger than 100
        MB or no bytes, PlatformError where it could not be stored.
        """
        upload = Upload(name, stream)
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
        return session.get(url, stream=True, timeout=_ATTACHMENT_TIMEOUT)

    return _accepted(send_with_repeats(send, _repeats(), what), what)


def _put_signed(urls: Mapping[str, str], upload: Upload, content_type: str) -> str:
    """Store a file behind signed addresses. Such storages want to know its length, so it goes to the disk first."""
    with tempfile.TemporaryFile() as file, Session() as session:
        for piece in upload:
            file.write(piece)

        def send() -> requests.Response:
            file.seek(0)
            data = file if upload.size else b""  # an empty file would be sent without a length
            headers = {"content-type": content_type}
            return session.put(
                urls["put_url"], data, headers=headers, timeout=_ATTACHMENT_TIMEOUT, allow_redirects=False
            )

        what = "PUT at the signed address"
        _accepted(send_with_repeats(send, _repeats(), what), what)
    return urls["get_url"]


def _repeats(data: bytes | Upload = b"") -> Iterator[float]:
    """Give the pause before each repeat; there is none where the data cannot be had once more."""
    for count in range(_REPEATS):
        if isinstance(data, Upload) and not data.rewind():
            return
        pause = 2**count * 0.1
        yield min(pause + random.uniform(0, 0.2 * pause), _LONGEST_PAUSE)  # noqa: S311 (no secret: it spreads the load)


def _accepted(answer: requests.Response, what: str) -> requests.Response:
    if not 200 <= answer.status_code < 300:
        answer.close()
        raise PlatformError(f"{what} was answered with {answer.status_code}", answer.status_code)
    return answer


def _path(object_id: str) -> str:
    if not isinstance(object_id, str) or object_id in {"", ".", ".."}:  # messages come from anywhere
        raise MessageError("what should be the id of an object in the object storage is none")
    return f"/objects/{quote(object_id, safe='')}"


def _size(answer: requests.Response, entry: Mapping[str, Any]) -> int | None:
    """Return the number of bytes to be read as the server tells it (unless it compresses them), else the message."""
    told = "" if "content-encoding" in answer.headers else answer.headers.get("content-length", "")
    told = told or str(entry.get("size"))
    return int(told) if told.isdecimal() else None


def _guess_type(name: str) -> str:
    kind, encoding = mimetypes.MimeTypes().guess_type(name)  # its own table, the same on all machines
    return kind if kind and not encoding else _UNKNOWN_TYPE
