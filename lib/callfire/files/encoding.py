"""The character encoding of a text file: UTF-8, UTF-16, UTF-32, or Windows-1252 if the text is plausible.

A wrong encoding would silently change names. Therefore a file that is implausible as Windows-1252 is refused. Latin-1
and ISO 8859-15 have the same letters as Windows-1252.
"""

import codecs
import io
import re
from typing import IO

from lib.callfire.api.errors import InvalidInput

UTF_8 = "utf-8"
_WINDOWS = "cp1252"
_PIECE = 64 * 1024  # bytes
_MARKS = (  # UTF-32 first, because its mark begins with the mark of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UPPER, _LOWER = "À-ÖØ-ÞŒŠŽŸ", "ß-öø-ÿœšž"
_LETTER = f"A-Za-z{_UPPER}{_LOWER}"
_SYMBOL = bytes.fromhex(
    "82 84 86 87 88 89 8b 98 9b a2 a3 a4 a5 a6 a7 a8 ac af b1 b2 b3 b5 b6 b8 b9 bc bd be d7 f7"
).decode(_WINDOWS)
# Patterns of texts in another encoding that are decoded as Windows-1252.
_IMPLAUSIBLE = re.compile(
    rf"[{_LETTER}][{_SYMBOL}¿¡]|[{_SYMBOL}][{_LETTER}]"  # symbols within words
    rf"|[a-z{_LOWER}][{_UPPER}]|[{_LETTER}][{_UPPER}][a-z{_LOWER}]"  # capital letters within words
    rf"|[a-z{_LOWER}][\u2013\u2014][a-z{_LOWER}]"  # dashes within words
    rf"|[{_UPPER}{_LOWER}]{{4}}"  # words that consist of accented letters
    r"|[œŒ][cknw]"  # which are ś and Ś of Windows-1250
)


def encoding_of(file: IO[bytes]) -> str:
    """Return the name of the codec for a seekable file. Raises `InvalidInput` if the encoding cannot be recognized."""
    file.seek(0)
    head = file.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        return _without_mark(head)
    return UTF_8 if _is_utf_8(file) else _windows(file)


def unknown_encoding() -> InvalidInput:
    """Return the error for a file whose encoding cannot be recognized."""
    return InvalidInput("file: the character encoding cannot be recognized. Save the file as CSV UTF-8.")


def _without_mark(head: bytes) -> str:
    """Return the codec of UTF-16 without a mark, by the position of zero bytes. Raises `InvalidInput`."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) // 4 or min(even, odd) * 10 > max(even, odd):
        raise InvalidInput("file: is not a text file. Upload a CSV file.")
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_utf_8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder(UTF_8)()
    file.seek(0)
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _windows(file: IO[bytes]) -> str:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=_WINDOWS, newline="")
    try:
        while piece := text.read(_PIECE):
            if not piece.isascii() and _IMPLAUSIBLE.search(piece):
                raise unknown_encoding()
    except UnicodeDecodeError:
        raise unknown_encoding() from None
    finally:
        text.detach()
    return _WINDOWS
