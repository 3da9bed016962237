"""A connected socket with reads and writes before a deadline.

The socket does not block. With a time limit, Python's own blocking operations need two further system calls each. Every
system call releases the interpreter's lock, and the threads of a step wait for it again.
"""

import select
import socket
import ssl
import time
import weakref
from collections.abc import Iterable

from elasticio.http.failures import NotWritten, Unanswered, reason_of

MIN_SPEED = 10 * 1024  # bytes per second at which a streamed body must be written
_RECEIVE = 65_536  # bytes


class Connection:
    """A connected socket. `used` is the time of its last release, on the monotonic clock."""

    __slots__ = ("__weakref__", "_readable", "_socket", "close", "used")

    def __init__(self, stream: socket.socket) -> None:
        stream.setblocking(False)
        self._socket = stream
        self._readable = _poll(stream, select.POLLIN)
        self.used = 0.0
        self.close = weakref.finalize(self, stream.close)  # also runs when the client is garbage collected

    def is_fresh(self) -> bool:
        """Return whether an idle connection is usable: the peer has neither closed it nor sent data on it."""
        return not self._readable.poll(0)

    def write(self, pieces: Iterable[bytes], deadline: float, *, is_stream: bool = False) -> None:
        """Write all pieces. Raises NotWritten for an incomplete request. Errors of the iterator pass through.

        Each written byte of a stream extends the deadline by the time for one byte at MIN_SPEED, up to the initial
        time limit. Time spent waiting for the next piece does not count.

        A peer may respond and close before it has read the whole request. The caller then reads that response.
        """
        left = most = deadline - time.monotonic()
        for piece in pieces:
            view = memoryview(piece)
            try:
                while view:
                    started = time.monotonic()
                    written = self._send(view, started + left)
                    view = view[written:]
                    left -= time.monotonic() - started
                    if is_stream:
                        left = min(left + written / MIN_SPEED, most)
            except TimeoutError:
                raise NotWritten("the request could not be written in time", timed_out=True) from None
            except OSError as error:
                raise NotWritten(f"the connection broke ({reason_of(error)})") from None

    def read(self, deadline: float) -> bytes:
        """Return the next bytes, empty at the end. Raises Unanswered after the deadline or if the connection breaks."""
        try:
            return self._receive(deadline)
        except TimeoutError:
            raise Unanswered("no response in time", timed_out=True) from None
        except OSError as error:
            raise Unanswered(f"the connection broke ({reason_of(error)})") from None

    def _send(self, view: memoryview, deadline: float) -> int:
        while True:
            try:
                return self._socket.send(view)
            except (BlockingIOError, ssl.SSLWantWriteError):
                _wait(_poll(self._socket, select.POLLOUT), deadline)
            except ssl.SSLWantReadError:
                _wait(self._readable, deadline)

    def _receive(self, deadline: float) -> bytes:
        while True:
            if not (isinstance(self._socket, ssl.SSLSocket) and self._socket.pending()):
                _wait(self._readable, deadline)
            try:
                return self._socket.recv(_RECEIVE)
            except (BlockingIOError, ssl.SSLWantReadError):
                continue
            except ssl.SSLWantWriteError:
                _wait(_poll(self._socket, select.POLLOUT), deadline)


def _poll(stream: socket.socket, event: int) -> "select.poll":
    poll = select.poll()
    poll.register(stream, event)
    return poll


def _wait(poll: "select.poll", deadline: float) -> None:
    if not poll.poll(max(deadline - time.monotonic(), 0.0) * 1000):
        raise TimeoutError
