"""The platform's object storage ("maester"). Requests to its API carry a token."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any
from urllib.parse import quote

from elasticio.errors import MessageError, PlatformError
from elasticio.http import HttpClient, HttpResponse, HttpStream
from elasticio.platform import limits
from elasticio.platform.files import UNLIMITED, FileContent
from elasticio.platform.json_client import USER_AGENT, json_of
from elasticio.platform.retries import A, send_with_repeats, short_pauses, successful
from elasticio.platform.web_address import server_of

_LOGIN_STATUSES = {401, 403}


class ObjectStorage:
    """Stores bytes as objects, each with an ID that the storage assigns. Threads may share it.

    The token goes to the configured host only: the client does not follow redirects. Requests are repeated up to twice
    after a 5xx or a network failure. All methods raise PlatformError; its `status` is 404 for a missing object. They
    raise MessageError for an invalid ID.
    """

    def __init__(self, uri: str, token: str, request_id: str = "") -> None:
        """`request_id` is sent with each request, so that the platform can trace it: `f:FLOW;s:STEP;m:MESSAGE`."""
        self.uri = uri.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "User-Agent": USER_AGENT}
        self._headers |= {"x-request-id": request_id} if request_id else {}

    def put(self, data: bytes, content_type: str = "application/json") -> str:
        """Store an object and return its ID."""
        return self._put(data, content_type, short_pauses())

    def put_file(self, content: FileContent, content_type: str) -> str:
        """Store a file and return its ID. A failed request is repeated only if the content can be read again."""
        return self._put(content, content_type, _rewinding(content))

    def get(self, object_id: str) -> bytes:
        """Return the bytes of an object, at most MAX_ATTACHMENT_SIZE."""
        return self._ask("GET", _path(object_id), max_body=limits.MAX_ATTACHMENT_SIZE).body

    def open(self, object_id: str) -> HttpStream:
        """Return the response whose body is an object. The caller reads and closes it."""
        path, what = _path(object_id), "GET at the object storage"

        def send() -> HttpStream:
            return self._client.open("GET", path, max_body=UNLIMITED)

        return self._answered(send, short_pauses(), what)

    def delete(self, object_id: str) -> None:
        """Delete an object."""
        self._ask("DELETE", _path(object_id))

    def url(self, object_id: str) -> str:
        """Return the URL of an object for an attachment. Other steps read it with their own token."""
        return f"{self.uri}{_path(object_id)}?storage_type=maester"

    @cached_property
    def _client(self) -> HttpClient:
        try:
            return HttpClient(
                self.uri, timeout=limits.REQUEST_TIMEOUT, headers=self._headers, max_body=limits.MAX_RESPONSE_SIZE
            )
        except ValueError as error:
            raise PlatformError(f"ELASTICIO_OBJECT_STORAGE_URI: {error}") from None

    def _put(self, data: bytes | FileContent, content_type: str, pauses: Iterator[float]) -> str:
        response = self._ask("POST", "/objects", pauses, body=data, headers={"Content-Type": content_type})
        stored = json_of(response, "POST at the object storage")
        if not isinstance(stored, dict) or not isinstance(stored.get("objectId"), str | int):
            raise PlatformError("POST at the object storage returned no objectId", response.status)
        return str(stored["objectId"])

    def _ask(self, method: str, path: str, pauses: Iterator[float] | None = None, **options: Any) -> HttpResponse:
        what = f"{method} at the object storage"

        def send() -> HttpResponse:
            return self._client.request(method, path, **options)

        return self._answered(send, pauses or short_pauses(), what)

    def _answered(self, send: Callable[[], A], pauses: Iterator[float], what: str) -> A:
        """Send, and return the successful response. The error names the variable that an operator can check."""
        try:
            return successful(send_with_repeats(send, pauses, what), what)
        except PlatformError as error:
            if error.status in _LOGIN_STATUSES:
                raise PlatformError(f"{error}. Check ELASTICIO_OBJECT_STORAGE_TOKEN.", error.status) from error
            if error.status is None and (server := server_of(self.uri)):
                raise PlatformError(f"{error}. ELASTICIO_OBJECT_STORAGE_URI is {server}.") from error
            raise


def _rewinding(content: FileContent) -> Iterator[float]:
    """Yield the pauses before the repeats of an upload. Content that can be read only once gets no repeat."""
    for pause in short_pauses():
        if not content.rewind():
            return
        yield pause


def _path(object_id: Any) -> str:
    if isinstance(object_id, str) and object_id not in {"", ".", ".."}:
        with suppress(UnicodeEncodeError):  # half of a surrogate pair
            return f"/objects/{quote(object_id, safe='')}"
    raise MessageError("Invalid object ID for the object storage")
