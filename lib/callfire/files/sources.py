"""Sources of an upload: an attachment of the message, a URL, base64 content, or rows for a CSV file.

Exactly one source is required. Files are streamed. Each source can be opened again, so that an upload that was
certainly not executed can be retried.
"""

import base64
import binascii
import mimetypes
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from elasticio import MAX_ATTACHMENT_SIZE, FileReader, Message, MessageError, PlatformError, Step

from lib.callfire.api.errors import InvalidInput, Unavailable
from lib.callfire.files.rows import csv_of_rows
from lib.callfire.operation.error_policy import platform_storage

PIECE = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class SourceFile:
    """An open file. `size` is in bytes, None if unknown."""

    name: str
    content_type: str
    size: int | None
    pieces: Iterable[bytes]


Source = Callable[[], SourceFile]
"""A function that opens a file at the beginning."""


def choose(step: Step, message: Message, values: Mapping[str, Any], timeout: float) -> Source:
    """Return the source of the given file. Raises `InvalidInput` unless exactly one file is given.

    `timeout` is the maximum pause in seconds while a URL is read.
    """
    attachments, file, rows = list(message.attachments or {}), values.get("file"), values.get("rows")
    given = (
        [f"attachment {name!r}" for name in attachments] + ["file"] * (file is not None) + ["rows"] * (rows is not None)
    )
    if not given:
        raise InvalidInput(
            "file: is required. Add one attachment to the message, or map `file` with url or with content and filename."
        )
    if len(given) > 1:
        raise InvalidInput(
            f"file: exactly one file is allowed, but {len(given)} were given: {', '.join(given)}. Remove the others."
        )
    if attachments:
        return lambda: from_attachment(step, message, attachments[0])
    if rows is not None:
        return from_rows(rows)
    return _from_field(step, file or {}, timeout)


def from_attachment(step: Step, message: Message, name: str) -> SourceFile:
    """Open an attachment of the message. Raises `Unavailable` or `InvalidInput`."""
    with reading_attachment(name):
        reader = step.attachments.open(message, name)
    return SourceFile(name, reader.content_type, reader.size, _pieces(reader, reading_attachment(name)))


def from_url(step: Step, url: str, filename: str, timeout: float) -> SourceFile:
    """Open a URL without CallFire's credentials. Raises `Unavailable` or `InvalidInput`."""
    with reading_url():
        reader = step.attachments.fetch(url, "file.url", filename=filename, timeout=timeout)
    return SourceFile(reader.name, reader.content_type, reader.size, _pieces(reader, reading_url()))


def from_rows(rows: list[Mapping[str, Any]]) -> Source:
    """Return a CSV file of rows as a source. Raises `InvalidInput` for invalid rows."""
    # The rows are encoded twice: the first time only for the length, so that the whole file is never in memory.
    size = sum(len(piece) for piece in csv_of_rows(rows))
    if size > MAX_ATTACHMENT_SIZE:
        raise too_large()
    return lambda: SourceFile("contacts.csv", "text/csv", size, csv_of_rows(rows))


def from_base64(content: str, filename: str) -> Source:
    """Return the decoded content as a source. Raises `InvalidInput` if it is not base64."""
    try:
        data = base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("file.content: must be base64. Encode the file as base64.") from error
    if len(data) > MAX_ATTACHMENT_SIZE:
        raise too_large()
    content_type = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return lambda: SourceFile(filename, content_type, len(data), [data])


def too_large() -> InvalidInput:
    """Return the error for a file above the maximum size of an attachment."""
    return InvalidInput(
        f"file: is larger than {MAX_ATTACHMENT_SIZE // 1024 // 1024} MB, the maximum size. Use a smaller file."
    )


@contextmanager
def reading_attachment(name: str) -> Iterator[None]:
    """Raise `Unavailable` if the platform's storage fails, and `InvalidInput` if the attachment is invalid."""
    try:
        with platform_storage(f"attachment {name!r}"):
            yield
    except MessageError as error:
        raise InvalidInput(str(error)) from error


@contextmanager
def reading_url() -> Iterator[None]:
    """Raise `Unavailable` if the server of a URL fails, and `InvalidInput` if the URL is invalid."""
    try:
        yield
    except MessageError as error:
        raise InvalidInput(str(error)) from error
    except PlatformError as error:
        if error.status is None or error.status >= 500:
            raise Unavailable(f"{error}.") from error
        raise InvalidInput(f"{error}. Check the URL.") from error


def _from_field(step: Step, file: Mapping[str, Any], timeout: float) -> Source:
    url, content, filename = (file.get(name) or "" for name in ("url", "content", "filename"))
    if bool(url) == bool(content):
        raise InvalidInput("file: must have either url or content. Map url, or content (base64) and filename.")
    if url:
        return lambda: from_url(step, url, filename, timeout)
    if not filename:
        raise InvalidInput("file.filename: is required with content. Map a name, e.g. greeting.mp3.")
    return from_base64(content, filename)


def _pieces(reader: FileReader, errors: Any) -> Iterator[bytes]:
    """Yield the content. `errors` is a context manager that converts errors of the platform."""
    with reader, errors:
        yield from iter(lambda: reader.read(PIECE), b"")
