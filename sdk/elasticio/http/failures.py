"""Why a request has no response. The classes tell how far the request got.

HttpFailure
├── NotConnected   no connection was opened: the server has received nothing
├── NotWritten     the connection broke before the last byte was written: the server cannot have the whole request
└── Unanswered     the whole request was written, but there is no usable response
    └── TooLarge       the response exceeds the maximum size

A server can have executed the request only after `Unanswered`. The texts name neither the address nor the data that was
sent, because both may contain a secret. System errors are not chained for the same reason.
"""

import errno
import os
import socket
import ssl


class HttpFailure(Exception):  # noqa: N818 (the subclasses name what happened)
    """The root of all failures. `timed_out` tells whether a time limit ended the request."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


class NotConnected(HttpFailure):
    """No connection was opened. `certificate_refused` tells whether the server's certificate is the reason."""

    def __init__(self, reason: str, *, timed_out: bool = False, certificate_refused: bool = False) -> None:
        super().__init__(reason, timed_out=timed_out)
        self.certificate_refused = certificate_refused


class NotWritten(HttpFailure):
    """The connection broke before the whole request was written."""


class Unanswered(HttpFailure):
    """The whole request was written, but there is no usable response. `status` is its HTTP status, None if unread."""

    def __init__(self, reason: str, *, timed_out: bool = False, status: int | None = None) -> None:
        super().__init__(reason, timed_out=timed_out)
        self.status = status


class TooLarge(Unanswered):
    """The response exceeds the maximum size, so it was not read to its end."""


def reason_of(error: Exception) -> str:
    """Return the reason of a socket or TLS error in a few words, without an address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate was refused ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({(error.reason or type(error).__name__).lower().replace('_', ' ')})"
    if isinstance(error, TimeoutError):
        return "no response in time"
    if isinstance(error, socket.gaierror | UnicodeError):
        return "unknown host"
    if isinstance(error, OSError) and error.errno is not None and error.errno in errno.errorcode:
        return os.strerror(error.errno).lower()
    return type(error).__name__
