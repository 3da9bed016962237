"""Why a request has no answer, by what certainly happened to it.

HttpFailure
├── NotConnected   no connection came about: the server has seen nothing
├── NotWritten     the connection broke before the last byte was written: the server cannot have seen a whole request
└── Unanswered     the request was written whole; there is no answer, or none that can be read
    └── TooLarge       the answer exceeds the maximum size

Only after `Unanswered` can a server have carried out the request. The texts name neither the address nor anything that
was sent, since both may hold a secret. Errors of the system are not chained for the same reason.
"""

import errno
import os
import socket
import ssl


class HttpFailure(Exception):  # noqa: N818 (the subclasses say what happened)
    """The root. `timed_out` tells whether a time limit ended the request."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


class NotConnected(HttpFailure):
    """No connection. `certificate_refused` tells whether it failed at the server's certificate."""

    def __init__(self, reason: str, *, timed_out: bool = False, certificate_refused: bool = False) -> None:
        super().__init__(reason, timed_out=timed_out)
        self.certificate_refused = certificate_refused


class NotWritten(HttpFailure):
    """A connection, but no whole request."""


class Unanswered(HttpFailure):
    """A whole request, but no usable answer. `status` is the answer's HTTP status where its head could be read."""

    def __init__(self, reason: str, *, timed_out: bool = False, status: int | None = None) -> None:
        super().__init__(reason, timed_out=timed_out)
        self.status = status


class TooLarge(Unanswered):
    """An answer that was not read to its end, because it exceeds the maximum size."""


def reason_of(error: Exception) -> str:
    """Return the reason behind an error of the socket or of TLS in a few words, without an address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate was refused ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({(error.reason or type(error).__name__).lower().replace('_', ' ')})"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror | UnicodeError):
        return "unknown host"
    if isinstance(error, OSError) and error.errno is not None and error.errno in errno.errorcode:
        return os.strerror(error.errno).lower()
    return type(error).__name__
