"""The platform's object storage ("maester"): objects of bytes behind an API with a token."""

import random
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import requests

from elasticio.errors import MessageError, PlatformError
from elasticio.platform.files import FileContent
from elasticio.platform.http import Session, send_with_repeats

TIMEOUT = 10  # seconds without any data
FILE_TIMEOUT = 20  # the same for files
_REPEATS = 2
_LONGEST_PAUSE = 15  # seconds


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
        return self.put_stream(data, content_type, TIMEOUT)

    def put_stream(self, data: bytes | FileContent, content_type: str, timeout: float = FILE_TIMEOUT) -> str:
        """Store an object of any size and return its id. Repeated only where the data can be had once more."""
        headers = {"content-type": content_type}
        answer = self._send("POST", "/objects", pauses(data), data=data, headers=headers, timeout=timeout)
        try:
            return str(answer.json()["objectId"])
        except (requests.JSONDecodeError, KeyError, TypeError) as error:
            raise PlatformError("the object storage answered POST without an objectId", answer.status_code) from error

    def get(self, object_id: str) -> bytes:
        """Return an object's bytes."""
        return self._send("GET", _path(object_id), pauses()).content

    def get_stream(self, object_id: str) -> requests.Response:
        """Return the answer that holds an object, its body still to be read; to be closed by the caller."""
        return self._send("GET", _path(object_id), pauses(), stream=True, timeout=FILE_TIMEOUT)

    def delete(self, object_id: str) -> None:
        """Remove an object."""
        self._send("DELETE", _path(object_id), pauses())

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
        timeout: float = TIMEOUT,
        **options: Any,
    ) -> requests.Response:
        options |= {"headers": {**self._headers, **(headers or {})}, "timeout": timeout, "allow_redirects": False}
        what = f"{method} at the object storage"
        answer = send_with_repeats(lambda: self._session.request(method, self._uri + path, **options), pauses, what)
        return accepted(answer, what)


def pauses(data: bytes | FileContent = b"") -> Iterator[float]:
    """Yield the pause before each repeat, in seconds; none for content that can be read only once."""
    for count in range(_REPEATS):
        if isinstance(data, FileContent) and not data.rewind():
            return
        pause = 2**count * 0.1
        yield min(pause + random.uniform(0, 0.2 * pause), _LONGEST_PAUSE)  # noqa: S311 (no secret: it spreads the load)


def accepted(answer: requests.Response, what: str) -> requests.Response:
    """Return a successful answer; close any other and raise PlatformError with its status."""
    if not 200 <= answer.status_code < 300:
        answer.close()
        raise PlatformError(f"{what} was answered with {answer.status_code}", answer.status_code)
    return answer


def _path(object_id: str) -> str:
    if not isinstance(object_id, str) or object_id in {"", ".", ".."}:  # messages come from anywhere
        raise MessageError("what should be the id of an object in the object storage is none")
    return f"/objects/{quote(object_id, safe='')}"
