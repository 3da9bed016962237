"""The check of a file by its first bytes: empty files and web pages are refused."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from lib.callfire.api.errors import InvalidInput
from lib.callfire.files.sources import SourceFile

HEAD = 4096  # bytes that are checked
_WEB_PAGES = {"text/html", "application/xhtml+xml"}
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def checked_file(file: SourceFile) -> SourceFile:
    """Return the file unchanged. Raises `InvalidInput` for an empty file or a web page.

    A server that requires a login often responds with a web page and status 200.
    """
    pieces = iter(file.pieces)
    head = first_bytes(pieces)
    refuse_empty(head)
    refuse_web_page(head, file.content_type)
    return replace(file, pieces=chain([head], pieces))


def first_bytes(pieces: Iterator[bytes]) -> bytes:
    """Return the first bytes of a file: at least `HEAD` bytes, or the whole file if it is shorter."""
    head = b""
    while len(head) < HEAD and (piece := next(pieces, None)) is not None:
        head += piece
    return head


def refuse_empty(head: bytes) -> None:
    """Raise `InvalidInput` for a file without any bytes."""
    if not head:
        raise InvalidInput("file: is empty (0 bytes). Check the step that creates it.")


def refuse_web_page(head: bytes, content_type: str) -> None:
    """Raise `InvalidInput` for HTML or XML, by the media type or by the first character."""
    media_type = content_type.partition(";")[0].strip().lower()
    for mark in _BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    if media_type in _WEB_PAGES or head.replace(b"\0", b"").lstrip().startswith(b"<"):
        raise InvalidInput(
            f"file: is a web page ({media_type or 'HTML'}), not the file itself. Check the URL and whether its server "
            "requires a login."
        )
