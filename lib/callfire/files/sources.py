"""Where an upload's file comes from: an attachment of the message, an address, base64, or rows for a CSV.

Exactly one of them is given. Files are read in pieces while they are sent on, and each source can be opened again, so
that an upload that was provably not carried out can be repeated.
"""

import base64
import binascii
import csv
import io
import mimetypes
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from elasticio import Message, Step

from lib.callfire.api.errors import InvalidInput, Unavailable
from lib.callfire.api.timeout import CONNECT_TIMEOUT
from lib.callfire.files.downloads import LIMIT, Stream, given_name
from lib.callfire.operation.error_policy import platform_storage

REDIRECTS = 5
PIECE = 64 * 1024
LONGEST_COLUMN = 255  # characters; a longer one makes CallFire refuse the whole list


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is being read: its name, its media type, its size in bytes where known, its content."""

    name: str
    kind: str
    size: int | None
    pieces: Iterable[bytes]


Source = Callable[[], Opened]


def choose(step: Step, message: Message, values: Mapping[str, Any], timeout: float) -> Source:
    """Find the one file that is given; none or more than one is `InvalidInput`."""
    attachments, file, rows = list(message.attachments or {}), values.get("file"), values.get("rows")
    given = (
        [f"attachment {name!r}" for name in attachments] + ["file"] * (file is not None) + ["rows"] * (rows is not None)
    )
    if not given:
        raise InvalidInput(
            "file: is required. Give the message one attachment, or `file` with url, or content and filename"
        )
    if len(given) > 1:
        raise InvalidInput(f"file: exactly one is taken, but there are {len(given)}: {', '.join(given)}")
    if attachments:
        return lambda: from_attachment(step, message, attachments[0])
    if rows is not None:
        return from_rows(rows)
    return _from_field(file or {}, timeout)


def from_attachment(step: Step, message: Message, name: str) -> Opened:
    """Read an attachment through the platform's storage."""
    with platform_storage(f"attachment {name!r}"):
        stream = step.attachments.open(message, name)
    size = stream.size
    if size is not None and size > LIMIT:
        raise _too_large()
    return Opened(name, stream.content_type or _kind(name), size, _read(stream))


def from_rows(rows: list[Mapping[str, Any]]) -> Source:
    """Write rows as CSV, its columns in the order in which they first appear."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if not columns:
        raise InvalidInput("rows: needs at least one row with a value")
    # Written twice, so that the length is known beforehand and the rows are never there a second time as a whole.
    size = sum(len(piece) for piece in _csv(rows, columns))
    if size > LIMIT:
        raise _too_large()
    return lambda: Opened("contacts.csv", "text/csv", size, _csv(rows, columns))


def from_url(url: str, filename: str, timeout: float) -> Opened:
    """Fetch a file without any credentials of ours; its address is not shown in errors, since it may be a secret."""
    host = urlsplit(url).hostname
    session = requests.Session()
    environment = session.merge_environment_settings(url, {}, None, None, None)
    session.trust_env = False  # no login from .netrc
    session.max_redirects = REDIRECTS
    try:
        response = session.get(
            url,
            stream=True,
            headers={"Accept-Encoding": "identity"},
            timeout=(min(CONNECT_TIMEOUT, timeout), timeout),
            proxies=environment["proxies"],
            verify=environment["verify"],
        )
    except (requests.TooManyRedirects, requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL):
        text = f"file.url: {host} redirects too often, or to something that is no web address"
        raise InvalidInput(text) from None  # requests' own text shows the address
    except requests.RequestException:
        raise Unavailable(f"file.url: {host} cannot be reached.") from None
    if not response.ok:
        response.close()
        text = f"file.url: {host} answered {response.status_code}"
        raise Unavailable(f"{text}.") if response.status_code >= 500 else InvalidInput(f"{text}; check the address")
    name = filename or given_name(response.headers) or unquote(urlsplit(response.url).path.rpartition("/")[2]) or "file"
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip() or _kind(name)

    def read(size: int) -> bytes:
        data: bytes = response.raw.read(size, decode_content=True)
        return data

    stream = Stream(response.headers, read, "file.url")
    return Opened(name, kind, stream.size, _closing(response, stream))


def from_base64(content: str, filename: str) -> Source:
    """Decode a file that is in the message itself."""
    try:
        data = base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("file.content: must be base64") from error
    if len(data) > LIMIT:
        raise _too_large()
    return lambda: Opened(filename, _kind(filename), len(data), [data])


def _from_field(file: Mapping[str, Any], timeout: float) -> Source:
    url, content, filename = (file.get(name) or "" for name in ("url", "content", "filename"))
    if bool(url) == bool(content):
        raise InvalidInput("file: give either url, or content (base64) and filename")
    if not url:
        if not filename:
            raise InvalidInput("file.filename: is required with content, e.g. greeting.mp3")
        return from_base64(content, filename)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise InvalidInput("file.url: must be an http:// or https:// address")
    return lambda: from_url(url, filename, timeout)


def _csv(rows: list[Mapping[str, Any]], columns: list[str]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    for number, row in enumerate(rows):
        writer.writerow([_cell(row.get(column), f"rows[{number}].{column}") for column in columns])
        if buffer.tell() > PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _cell(value: Any, place: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise InvalidInput(f"{place}: must be a text, a number, true or false")
    if len(str(value)) > LONGEST_COLUMN:
        raise InvalidInput(f"{place}: takes at most {LONGEST_COLUMN} characters")
    return str(value)


def _read(stream: Any) -> Iterator[bytes]:
    """Read a stream of the platform's; it was not CallFire that failed when this does."""
    with closing(stream):
        count = 0
        while True:
            with platform_storage("the attachment"):
                piece = stream.read(PIECE)
            if not piece:
                return
            count += len(piece)
            if count > LIMIT:
                raise _too_large()
            yield piece


def _closing(response: requests.Response, stream: Stream) -> Iterator[bytes]:
    with response:
        yield from stream


def _kind(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _too_large() -> InvalidInput:
    return InvalidInput(f"file: is larger than {LIMIT // 1024 // 1024} MB, which is the limit")
