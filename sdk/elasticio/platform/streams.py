"""Files on their way into a storage and out of it: counted while they flow, never held in memory as a whole."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

import requests
from urllib3.exceptions import HTTPError

from elasticio.errors import MessageError, PlatformError

LIMIT = 100 * 1024 * 1024  # bytes of one attachment
_CHUNK = 64 * 1024

Content = bytes | bytearray | IO[bytes] | io.BufferedIOBase | io.RawIOBase | Iterable[bytes]


class Download(io.BufferedIOBase):
    """An attachment that is being read: a binary file that can be read once, from front to back.

    `name` is the attachment's name, `content_type` its type. `size` is its length in bytes where the server or
    the message tells it, else None. Iteration gives pieces of up to 64 KiB. Reading raises MessageError beyond the
    limit of 100 MB, and PlatformError where the connection breaks off.
    """

    def __init__(self, name: str, response: requests.Response, content_type: str, size: int | None) -> None:
        self.name = name
        self.content_type = content_type
        self.size = size
        self._response = response
        self._count = 0
        if size is not None:
            _check_limit(name, size)

    def readable(self) -> bool:
        """Say that this is for reading."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next `size` bytes, fewer only at the end; all that is left without a size."""
        if self.closed:
            raise ValueError("the attachment is closed")
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK), b""))  # piece by piece, for the limit to hold
        try:
            data: bytes = self._response.raw.read(size, decode_content=True)
        except HTTPError as error:
            raise PlatformError(f"attachment {self.name!r} broke off while it was read") from error
        self._count += len(data)
        _check_limit(self.name, self._count)
        return data

    read1 = read

    def __next__(self) -> bytes:
        """Return the next piece."""
        if data := self.read(_CHUNK):
            return data
        raise StopIteration

    def close(self) -> None:
        """Let the connection go; what was not read is lost."""
        self._response.close()
        super().close()


class Upload:
    """What is to become an attachment: bytes, a binary file or an iterable of bytes; iterate over it to send it.

    `size` is the number of bytes that were taken so far. Raises MessageError beyond the limit of 100 MB, and where the
    content cannot be read or is no bytes.
    """

    def __init__(self, name: str, content: Content) -> None:
        self.size = 0
        self._name = name
        self._content: Any = io.BytesIO(content) if isinstance(content, bytes | bytearray | memoryview) else content
        self._start = _position(self._content)

    def rewind(self) -> bool:
        """Go back to where the content began; False where that is not possible."""
        if self.size:
            if self._start is None:
                return False
            self._content.seek(self._start)
            self.size = 0
        return True

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._pieces():
                if not isinstance(piece, bytes | bytearray | memoryview):
                    raise MessageError(
                        f"attachment {self._name!r} must be given as bytes, not as {type(piece).__name__}"
                    )
                self.size += len(piece)
                _check_limit(self._name, self.size)
                yield bytes(piece)
        except OSError as error:  # would pass for a failure of the connection to the storage
            raise MessageError(f"attachment {self._name!r} cannot be read: {type(error).__name__}") from error

    def _pieces(self) -> Iterable[Any]:
        read: Callable[[int], Any] | None = getattr(self._content, "read", None)
        if read is not None:
            return iter(lambda: read(_CHUNK) or None, None)
        if isinstance(self._content, Iterable) and not isinstance(self._content, str):
            return self._content
        return [self._content]


def _position(content: Any) -> int | None:
    """Return where a file stands now, None for what cannot go back."""
    if not hasattr(content, "seekable") or not content.seekable():
        return None
    position: int = content.tell()
    return position


def _check_limit(name: str, size: int) -> None:
    if size > LIMIT:
        raise MessageError(f"attachment {name!r} is larger than {LIMIT} bytes, the limit of one attachment")
