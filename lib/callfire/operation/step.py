"""The platform's side as an action sees it, and how a failure is handed back to it."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from elasticio import PlatformError, Rebound

from lib.callfire.api.errors import Temporary, Unavailable
from lib.callfire.operation import form

Config = Mapping[str, Any]
Payload = Mapping[str, Any]


class Incoming(Protocol):
    """What is read of a message."""

    @property
    def body(self) -> Any:
        """The data, usually an object."""

    @property
    def attachments(self) -> Mapping[str, Any]:
        """Files in the platform's storage by name."""


class Attachments(Protocol):
    """The platform's storage for files."""

    def open(self, message: Any, name: str) -> Any:
        """Return a readable stream of one of the message's files, with `content_type` and `size`."""

    def add(self, name: str, stream: Any, content_type: str | None = None) -> Mapping[str, Any]:
        """Stream a file into the storage and return its entry for `attachments` of the emitted message."""


class Step(Protocol):
    """What is used of the platform's step."""

    @property
    def logger(self) -> logging.Logger:
        """The step's own log."""

    @property
    def attachments(self) -> Attachments:
        """The platform's storage for files."""

    @property
    def is_debug(self) -> bool:
        """Whether the designer asks for a sample."""

    def emit(self, event: str, payload: Any) -> Any:
        """Emit an event; returns once the broker confirmed it."""


@contextmanager
def handing_back(config: Config) -> Iterator[None]:
    """Turn a temporary failure into a rebound, unless the form's errorPolicy wants an error; pass on all others."""
    policy = form.error_policy(config)
    try:
        yield
    except Temporary as error:
        if policy == form.ERROR:
            raise
        raise Rebound(str(error)) from error


@contextmanager
def storage_in_use(what: str) -> Iterator[None]:
    """Take it for temporary that the platform's storage is away; pass on what it refuses for good."""
    try:
        yield
    except PlatformError as error:
        if error.status is not None and error.status < 500:
            raise
        raise Unavailable(f"{what}: the platform's storage does not answer.") from error
    except OSError as error:
        raise Unavailable(f"{what}: the platform's storage cannot be read.") from error
