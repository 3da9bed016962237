"""Contact files: checked before the upload, and converted to CallFire's format.

CallFire accepts any file and reads it later. A file that it cannot read results in an empty list. CallFire reads CSV in
UTF-8 with commas, line ends CR LF or LF, and whole numbers. Other encodings, separators, line ends and numbers are
converted. Workbooks, web pages, empty files and numbers that have lost digits are refused.
"""

import csv
import io
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from elasticio import MAX_ATTACHMENT_SIZE

from lib.callfire.api.errors import InvalidInput, Unavailable
from lib.callfire.files.content import HEAD, refuse_empty, refuse_web_page
from lib.callfire.files.encoding import UTF_8, encoding_of, unknown_encoding
from lib.callfire.files.rows import checked_cell
from lib.callfire.files.sources import PIECE, SourceFile, too_large

_IN_MEMORY = 1024 * 1024  # bytes; larger files are copied to the disk
_LONGEST_LINE = 1_000_000  # characters
_SAMPLE_ROWS = 50
_SEPARATORS = ",;\t|"
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?[\r\n]*', re.IGNORECASE)  # the hint to Excel in the first line
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PHONE = re.compile(r"\+?\d[\d ().-]{5,18}\d")
_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or another ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
)
_JSON = re.compile(rb"\s*[\[{]\s*[\"{\[\]}]")


@dataclass
class ContactFile:
    """A copy of a contact file that can be uploaded repeatedly. `changes` names the conversions."""

    name: str
    content_type: str
    content: IO[bytes]
    changes: list[str] = field(default_factory=list)

    def open(self) -> SourceFile:
        """Return the file, opened at the beginning."""
        size = self.content.seek(0, io.SEEK_END)
        self.content.seek(0)
        return SourceFile(self.name, self.content_type, size, iter(lambda: self.content.read(PIECE), b""))

    def close(self) -> None:
        """Delete the copy."""
        self.content.close()


@dataclass(frozen=True)
class _Format:
    """The format of a CSV file. `has_hint`: the first line contains only the separator."""

    encoding: str
    separator: str
    has_hint: bool


@dataclass
class _Findings:
    """The properties of the rows of a file."""

    rows: int = 0
    has_old_line_ends: bool = False
    has_other_numbers: bool = False


def prepare(file: SourceFile) -> ContactFile:
    """Check a contact file and return a copy that CallFire can read.

    Raises `InvalidInput` for a file that cannot be converted. The error names row and column if possible. Raises
    `Unavailable` if there is no space for the copy.
    """
    copy = _copied(file.pieces)
    try:
        copy.seek(0)
        _refuse_other_formats(copy.read(HEAD), file.content_type)
        written = _format_of(copy)
        findings = _checked(copy, written)
        if not (changes := _changes(written, findings)):
            return ContactFile(file.name, file.content_type, copy)
        converted = _copied(_converted(copy, written))
    except BaseException:
        copy.close()
        raise
    copy.close()
    if converted.tell() > MAX_ATTACHMENT_SIZE:
        converted.close()
        raise too_large()
    return ContactFile(file.name, "text/csv", converted, changes)


def _copied(pieces: Iterable[bytes]) -> IO[bytes]:
    copy: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (it is returned)
    try:
        for piece in pieces:
            _write(copy, piece)
    except BaseException:
        copy.close()
        raise
    return copy


def _write(copy: IO[bytes], piece: bytes) -> None:
    try:
        copy.write(piece)
    except OSError as error:
        raise Unavailable(
            f"file: the temporary copy cannot be written ({error.strerror}). Free space in the temporary folder."
        ) from error


def _refuse_other_formats(head: bytes, content_type: str) -> None:
    refuse_empty(head)
    refuse_web_page(head, content_type)
    for mark, name in _FORMATS:
        if head.startswith(mark):
            raise InvalidInput(f"file: is {name}, not a CSV file. Save the sheet as CSV UTF-8.")
    if _JSON.match(head):
        raise InvalidInput("file: is JSON, not a CSV file. Map its objects to `rows`.")


def _format_of(copy: IO[bytes]) -> _Format:
    encoding = encoding_of(copy)
    first = next(_lines(copy, encoding), "")
    if hint := _SEPARATOR_LINE.fullmatch(first):
        return _Format(encoding, hint[1], has_hint=True)
    return _Format(encoding, _separator(copy, encoding), has_hint=False)


def _separator(copy: IO[bytes], encoding: str) -> str:
    """Return the separator that splits the first rows into the most even columns. Default: a comma."""
    ranked = max(_SEPARATORS, key=lambda separator: _evenness(copy, encoding, separator))
    return ranked if _evenness(copy, encoding, ranked) > (0,) else ","


def _evenness(copy: IO[bytes], encoding: str, separator: str) -> tuple[float, ...]:
    """Rate a separator: by the share of rows as wide as the first, then by phone numbers, then by columns."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(_lines(copy, encoding), delimiter=separator, strict=True):
            rows += [row] if any(row) else []
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return (0,)
    if not rows or len(rows[0]) < 2:
        return (0,)
    widths = Counter(map(len, rows))
    phones = sum(bool(_PHONE.fullmatch(cell.strip())) for row in rows for cell in row)
    return (round(widths[len(rows[0])] / len(rows), 1), phones, len(rows[0]))


def _checked(copy: IO[bytes], written: _Format) -> _Findings:
    """Check every row. Raises `InvalidInput` for the first row that CallFire cannot read."""
    findings = _Findings()
    header: Sequence[str] = ()
    for number, row in enumerate(_rows(copy, written, findings), 1):
        if not any(row):
            continue
        findings.rows += 1
        if findings.rows == 1 and not any(_PHONE.fullmatch(cell.strip()) for cell in row):
            header = row
        if _cells(row, number, header) != row:
            findings.has_other_numbers = True
    if not findings.rows:
        raise InvalidInput("file: has no rows. Check the step that creates it.")
    return findings


def _converted(copy: IO[bytes], written: _Format) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for number, row in enumerate(_rows(copy, written, _Findings()), 1):
        if any(row):
            writer.writerow(_cells(row, number, ()))
        if buffer.tell() > PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _cells(row: list[str], number: int, header: Sequence[str]) -> list[str]:
    return [checked_cell(cell, _place(number, column, header)) for column, cell in enumerate(row)]


def _place(row: int, column: int, header: Sequence[str]) -> str:
    name = repr(header[column][:50]) if column < len(header) and header[column] else str(column + 1)
    return f"file: row {row}, column {name}"


def _rows(copy: IO[bytes], written: _Format, findings: _Findings) -> Iterator[list[str]]:
    lines = _lines(copy, written.encoding, findings)
    if written.has_hint:
        next(lines)
    reader = csv.reader(lines, delimiter=written.separator, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise InvalidInput(f"file: line {reader.line_num} is not valid CSV: {error}. Correct the line.") from None


def _lines(copy: IO[bytes], encoding: str, findings: _Findings | None = None) -> Iterator[str]:
    """Yield the lines of a file with their line ends CR, LF or CR LF."""
    copy.seek(0)
    text = io.TextIOWrapper(copy, encoding=encoding, newline="")
    try:
        while line := text.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE or _CONTROL.search(line):
                raise InvalidInput("file: is not a text file. Upload a CSV file.")
            if findings and line.endswith("\r"):
                findings.has_old_line_ends = True
            yield line
    except UnicodeError:
        raise unknown_encoding() from None
    finally:
        if not copy.closed:
            text.detach()


def _changes(written: _Format, findings: _Findings) -> list[str]:
    """Return the names of the required conversions; empty if CallFire can read the file."""
    changes = {
        f"encoding {written.encoding}": written.encoding != UTF_8,
        f"separator {_NAMES[written.separator]}": written.separator != "," or written.has_hint,
        "line ends CR": findings.has_old_line_ends,
        "numbers": findings.has_other_numbers,
    }
    return [name for name, applies in changes.items() if applies]
