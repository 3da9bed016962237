"""The platform's object storage ("maester"): objects of bytes behind an API with a token."""

import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import requests

from elasticio.errors import MessageError, PlatformError
from elasticio.platform import limits
from elasticio.platform.files import FileContent
from elasticio.platform.http import Answer, Session, read_answer, send_with_repeats, successful
from elasticio.wire.json import from_json

_TIMEOUT = 10  # seconds without any data
_REPEATS = 2
_LONGEST_PAUSE = 15  # seconds


class ObjectStorage:
    """Objects of bytes, each with an ID that the storage assigns.

    The token is sent as it is, and never to another host: redirects are not followed. Requests are repeated twice after
    a 5xx or a network failure. All methods raise PlatformError; its `status` is 404 for a missing object. They raise
    MessageError for an invalid ID.
    """

    def __init__(self, uri: str, token: str, request_id: str = "") -> None:
        """`request_id` is sent with each request, so that the platform can trace it: `f:FLOW;s:STEP;m:MESSAGE`."""
        self.uri = uri.rstrip("/")
        self._headers = {"x-request-id": request_id} if request_id else {}

        def login(request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers["Authorization"] = f"Bearer {token}"
            return request

        self._session = Session(login)

    def put(self, data: bytes, content_type: str = "application/json") -> str:
        """Store an object and return its ID."""
        return self._put(data, content_type, _TIMEOUT)

    def put_file(self, content: FileContent, content_type: str) -> str:
        """Store a file and return its ID. Repeated only if the content can be read again."""
        return self._put(content, content_type, limits.FILE_TIMEOUT)

    def get(self, object_id: str) -> bytes:
        """Return the bytes of an object, at most MAX_ATTACHMENT_SIZE."""
        return self._ask("GET", _path(object_id), pauses()).body

    def open(self, object_id: str) -> requests.Response:
        """Return the response that holds an object, its body still to be read; the caller closes it."""
        what = "GET at the object storage"

        def send() -> requests.Response:
            return self._send("GET", _path(object_id), limits.FILE_TIMEOUT)

        return successful(send_with_repeats(send, pauses(), what), what)

    def delete(self, object_id: str) -> None:
        """Delete an object."""
        self._ask("DELETE", _path(object_id), pauses())

    def url(self, object_id: str) -> str:
        """Return the URL of an attachment: other steps read it with their own token."""
        return f"{self.uri}{_path(object_id)}?storage_type=maester"

    def _put(self, data: bytes | FileContent, content_type: str, timeout: float) -> str:
        headers = {"content-type": content_type}
        answer = self._ask("POST", "/objects", pauses(data), data=data, headers=headers, timeout=timeout)
        try:
            return str(from_json(answer.body)["objectId"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise PlatformError("the object storage answered POST without an objectId", answer.status_code) from None

    def _ask(self, method: str, path: str, pauses: Iterator[float], **options: Any) -> Answer:
        what = f"{method} at the object storage"

        max_size = limits.MAX_ATTACHMENT_SIZE if method == "GET" else limits.MAX_ANSWER_SIZE

        def send() -> Answer:
            return read_answer(self._send(method, path, **options), what, max_size)

        return successful(send_with_repeats(send, pauses, what), what)

    def _send(
        self, method: str, path: str, timeout: float = _TIMEOUT, headers: Mapping[str, str] | None = None, **data: Any
    ) -> requests.Response:
        headers = {**self._headers, **(headers or {})}
        return self._session.request(method, self.uri + path, headers=headers, timeout=timeout, stream=True, **data)


def pauses(data: bytes | FileContent = b"") -> Iterator[float]:
    """Yield the pause before each repeat, in seconds; none for content that can be read only once."""
    for count in range(_REPEATS):
        if isinstance(data, FileContent) and not data.rewind():
            return
        pause = 2**count * 0.1
        yield min(pause + random.uniform(0, 0.2 * pause), _LONGEST_PAUSE)  # noqa: S311 (no secret: it spreads the load)


def _path(object_id: Any) -> str:
    if isinstance(object_id, str) and object_id not in {"", ".", ".."}:
        with suppress(UnicodeEncodeError):  # half of a surrogate pair
            return f"/objects/{quote(object_id, safe='')}"
    raise MessageError("Invalid object ID for the object storage")
