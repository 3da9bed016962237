"""Files on their way into a storage and out of it: counted while they flow, never held in memory as a whole."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

import requests
from urllib3.exceptions import HTTPError

from elasticio.errors import MessageError, PlatformError
from elasticio.platform import limits

_CHUNK = 64 * 1024

Content = bytes | bytearray | IO[bytes] | io.BufferedIOBase | io.RawIOBase | Iterable[bytes]


class FileReader(io.BufferedIOBase):
    """A file that is being read over HTTP: a binary file that can be read once, from front to back.

    name          the file's name
    content_type  its media type, e.g. audio/mpeg
    size          its length in bytes, None where neither the server nor the message tells it

    Iteration yields pieces of up to 64 KiB. Reading raises MessageError beyond the maximum of 100 MB, and PlatformError
    if the connection breaks.
    """

    def __init__(self, name: str, response: requests.Response, content_type: str, size: int | None) -> None:
        self.name = name
        self.content_type = content_type
        self.size = size
        self._response = response
        self._count = 0
        if size is not None:
            _check_size(name, size)

    def readable(self) -> bool:
        """Return True: the file is for reading only."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next `size` bytes, fewer only at the end; everything that is left without a size."""
        if self.closed:
            raise ValueError("the attachment is closed")
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK), b""))  # in pieces, so that the limit holds
        try:
            data: bytes = self._response.raw.read(size, decode_content=True)
        except HTTPError as error:
            raise PlatformError(f"attachment {self.name!r} broke off while it was read") from error
        self._count += len(data)
        _check_size(self.name, self._count)
        return data

    read1 = read

    def __next__(self) -> bytes:
        if data := self.read(_CHUNK):
            return data
        raise StopIteration

    def close(self) -> None:
        """Close the connection; the rest of the file is lost."""
        self._response.close()
        super().close()


class FileContent:
    """The content of a new attachment: bytes, a binary file or an iterable of bytes. Iterate over it to send it.

    `size` is the number of bytes read so far. Iteration raises MessageError beyond the maximum of 100 MB, and if the
    content cannot be read or does not consist of bytes.
    """

    def __init__(self, name: str, content: Content) -> None:
        self.size = 0
        self._name = name
        self._content: Any = io.BytesIO(content) if isinstance(content, bytes | bytearray | memoryview) else content
        self._start = _position(self._content)

    def rewind(self) -> bool:
        """Go back to the start; returns False for content that can be read only once."""
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
                _check_size(self._name, self.size)
                yield bytes(piece)
        except OSError as error:  # would look like a failed connection to the storage
            raise MessageError(f"attachment {self._name!r} cannot be read: {type(error).__name__}") from error

    def _pieces(self) -> Iterable[Any]:
        read: Callable[[int], Any] | None = getattr(self._content, "read", None)
        if read is not None:
            return iter(lambda: read(_CHUNK) or None, None)
        if isinstance(self._content, Iterable) and not isinstance(self._content, str):
            return self._content
        return [self._content]


def _position(content: Any) -> int | None:
    """Return the current position of a file, None for content that cannot be read again."""
    if not hasattr(content, "seekable") or not content.seekable():
        return None
    position: int = content.tell()
    return position


def _check_size(name: str, size: int) -> None:
    if size > limits.MAX_ATTACHMENT_SIZE:
        raise MessageError(
            f"attachment {name!r} is larger than {limits.MAX_ATTACHMENT_SIZE} bytes, the maximum size of an attachment"
        )
