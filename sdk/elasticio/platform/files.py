"""Streams of files to and from a storage. They count bytes and never hold a whole file in memory."""

import io
import time
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, Protocol

from elasticio.errors import MessageError, PlatformError
from elasticio.http import HttpFailure
from elasticio.platform import limits

UNLIMITED = 1 << 62  # bytes of a response whose size a FileReader limits
_CHUNK = 64 * 1024  # bytes

Content = bytes | bytearray | memoryview | IO[bytes] | io.BufferedIOBase | io.RawIOBase | Iterable[bytes]


class Source(Protocol):
    """The source of a file: an HttpStream, or io.BytesIO in tests."""

    def read1(self, size: int, /) -> bytes:
        """Return up to `size` bytes as soon as any are available, empty at the end."""

    def close(self) -> None:
        """Close the connection or the file behind it."""


class FileReader(io.BufferedIOBase):
    """A file that can be read once, from start to end. Use it in `with`, or close it.

    name          the file's name
    content_type  its media type, e.g. audio/mpeg
    size          its length in bytes, None if neither the server nor the message contains it

    Iteration yields pieces of up to 64 KiB. Reading raises MessageError beyond the maximum of 100 MB. It raises
    PlatformError if the connection breaks, or if the server sends less than 10 KB/s over 30 s.
    """

    def __init__(self, source: Source, what: str, *, name: str, content_type: str, size: int | None = None) -> None:
        """`what` names the file in errors, e.g. "attachment 'a.mp3'". Raises MessageError if `size` is too large."""
        self.name = name
        self.content_type = content_type
        self.size = size
        self._source = source
        self._what = what
        self._count = 0
        self._waited = 0.0  # seconds in the present window
        self._received = 0  # bytes in it
        if size is not None:
            _check_size(what, size)

    def readable(self) -> bool:
        """Return True: the file can only be read."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next `size` bytes, fewer only at the end. Without a size, return the rest."""
        left = limits.MAX_ATTACHMENT_SIZE + 1 if size is None or size < 0 else size
        pieces = []
        while left > 0 and (piece := self.read1(min(left, _CHUNK))):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def read1(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes as soon as any are available, empty at the end."""
        if self.closed:
            raise ValueError(f"{self._what} is closed")
        started, failure = time.monotonic(), ""
        try:
            data = self._source.read1(_CHUNK if size < 0 else size)
        except HttpFailure as error:
            failure = str(error)
        if failure:
            raise PlatformError(f"{self._what}: the connection broke while the file was read ({failure})")
        self._count += len(data)
        _check_size(self._what, self._count)
        self._check_speed(time.monotonic() - started, len(data))
        return data

    def __next__(self) -> bytes:
        if data := self.read(_CHUNK):
            return data
        raise StopIteration

    def close(self) -> None:
        """Close the connection and discard the unread rest."""
        self._source.close()
        super().close()

    def _check_speed(self, waited: float, received: int) -> None:
        self._waited += waited
        self._received += received
        if self._waited < limits.SPEED_WINDOW:
            return
        if self._received < self._waited * limits.MIN_FILE_SPEED:
            raise PlatformError(
                f"{self._what}: the server is too slow: less than {limits.MIN_FILE_SPEED} bytes/s over "
                f"{limits.SPEED_WINDOW:g} s"
            )
        self._waited, self._received = 0.0, 0


class FileContent:
    """The content of a new attachment: bytes, a binary file or an iterable of bytes. Iteration yields it as bytes.

    `size` is the number of bytes read so far. Iteration raises MessageError if the content exceeds 100 MB, cannot be
    read or does not consist of bytes.
    """

    def __init__(self, name: str, content: Content) -> None:
        self.size = 0
        self._what = f"attachment {name!r}"
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
                    raise MessageError(f"{self._what} must be given as bytes, not as {type(piece).__name__}")
                self.size += len(piece)
                _check_size(self._what, self.size)
                yield bytes(piece)
        except OSError as error:  # otherwise it would count as a failed connection to the storage
            raise MessageError(f"{self._what} cannot be read: {type(error).__name__}") from error

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


def _check_size(what: str, size: int) -> None:
    if size > limits.MAX_ATTACHMENT_SIZE:
        raise MessageError(f"{what} is larger than {limits.MAX_ATTACHMENT_SIZE} bytes, the maximum size of a file")
