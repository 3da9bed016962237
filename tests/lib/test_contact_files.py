"""Contact files: converted to CallFire's format or refused."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.callfire.api.errors import InvalidInput, Unavailable
from lib.callfire.files import contact_file
from lib.callfire.files.contact_file import prepare
from lib.callfire.files.content import HEAD, first_bytes
from lib.callfire.files.rows import checked_cell, csv_of_rows
from lib.callfire.files.sources import SourceFile
from tests.lib.recording import Recorder
from tests.lib.steps import config_for, run
from tests.lib.test_files import attached, parts

ACTION = "actions.create_contact_list_from_file"


ROWS = "firstName,lastName,mobilePhone\r\nJosé,Müller,12135550177\r\nZoë,O\u2019Brien,12135550178\r\n"


ASCII = "firstName,mobilePhone\r\nAnn,12135550177\r\n"


def prepared(content: bytes, content_type: str = "text/csv") -> tuple[bytes, list[str]]:
    """Return the uploaded content of a file, and the changes."""
    half = len(content) // 2
    file = prepare(SourceFile("contacts.csv", content_type, None, [content[:half], content[half:]]))
    opened = file.open()
    again = b"".join(opened.pieces)
    assert opened.size == len(again)
    assert b"".join(file.open().pieces) == again
    file.close()
    return again, file.changes


def table(text: str, separator: str) -> str:
    """Write rows with another separator, like a spreadsheet."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows(csv.reader(io.StringIO(text)))
    return buffer.getvalue()


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


class TestRows:
    def test_a_cell_of_the_maximum_length(self) -> None:
        assert checked_cell("x" * 255, "here") == "x" * 255
        with pytest.raises(InvalidInput, match="here: must have at most 255 characters"):
            checked_cell("x" * 256, "here")

    def test_many_rows_are_written_in_pieces_once(self) -> None:
        rows: list[Mapping[str, Any]] = [
            {"name": f"{number} {'x' * 90}", "phone": 12135550000 + number} for number in range(3000)
        ]
        pieces = list(csv_of_rows(rows))
        assert rows_of(b"".join(pieces)) == [["name", "phone"], *([row["name"], str(row["phone"])] for row in rows)]
        assert len(pieces) == 5
        assert max(map(len, pieces)) < 64 * 1024 + 200

    def test_rows_without_a_value(self) -> None:
        with pytest.raises(InvalidInput, match="rows: must have at least one row"):
            list(csv_of_rows([{}]))
        assert b"".join(csv_of_rows([{"a": None, "b": 2.0}, {"c": True}])) == b"a,b,c\r\n,2,\r\n,,true\r\n"


class TestHead:
    """The check of a file reads its first bytes only: a file of 100 MB must not be in memory."""

    @pytest.mark.parametrize(
        ("sizes", "read"),
        [
            ([], 0),
            ([HEAD - 1], 1),
            ([HEAD, 1], 1),
            ([HEAD + 1, 1], 1),
            ([HEAD - 1, 1, 1], 2),
            ([1] * (HEAD + 9), HEAD),
        ],
    )
    def test_it_ends_with_the_piece_that_completes_it(self, sizes: list[int], read: int) -> None:
        pieces = iter([b"x" * size for size in sizes])
        assert len(first_bytes(pieces)) == sum(sizes[:read])
        assert len(list(pieces)) == len(sizes) - read


class TestConverted:
    def test_a_large_file_is_converted_completely(self) -> None:
        text = "name,phone\r\n" + "".join(f"{number} {'x' * 90},{12135550000 + number}\r\n" for number in range(3000))
        assert prepared(text.replace("\r\n", "\r").encode()) == (text.encode(), ["line ends CR"])

    @pytest.mark.parametrize(
        "content", [ROWS.encode(), ASCII.encode(), ASCII.replace("\r", "").encode(), b"12135550177\n", b'"a\nb",1\n']
    )
    def test_a_file_that_callfire_can_read_does_not_change(self, content: bytes) -> None:
        assert prepared(content) == (content, [])

    @pytest.mark.parametrize(
        ("encoding", "mark", "change"),
        [
            ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
            ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
            ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
            ("utf-16-le", b"", "utf-16-le"),
            ("utf-16-be", b"", "utf-16-be"),
            ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32"),
            ("utf-32-be", codecs.BOM_UTF32_BE, "utf-32"),
            ("cp1252", b"", "cp1252"),
        ],
    )
    def test_the_encoding(self, encoding: str, mark: bytes, change: str) -> None:
        assert prepared(mark + ROWS.encode(encoding)) == (ROWS.encode(), [f"encoding {change}"])

    def test_latin_1(self) -> None:
        assert prepared(ROWS.replace("\u2019", "'").encode("latin-1"))[0] == ROWS.replace("\u2019", "'").encode()

    def test_an_accent_is_the_last_byte(self) -> None:
        assert prepared("name,city\r\nAnn,Café".encode("cp1252")) == (
            "name,city\r\nAnn,Café\r\n".encode(),
            ["encoding cp1252"],
        )

    def test_one_accent_at_the_end_of_a_large_file(self) -> None:
        content = ASCII + "Ann,12135550177\r\n" * 20_000 + "René,12135550178\r\n"
        assert prepared(content.encode("cp1252")) == (content.encode(), ["encoding cp1252"])

    @pytest.mark.parametrize(("separator", "name"), [(";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")])
    def test_the_separator(self, separator: str, name: str) -> None:
        rows = 'name,notes,mobilePhone\r\n"Doe, John","a; b|c ""d""",12135550177\r\n"Roe, Jane",,12135550178\r\n'
        assert prepared(table(rows, separator).encode()) == (rows.encode(), [f"separator {name}"])

    def test_the_separator_without_a_header(self) -> None:
        content = b"Doe, John;12135550177\r\nRoe, Jane;12135550178\r\n"
        assert prepared(content)[0] == b'"Doe, John",12135550177\r\n"Roe, Jane",12135550178\r\n'

    def test_a_comma_is_the_separator_despite_others_in_texts(self) -> None:
        content = b"name,notes\r\nAnn,a;b\r\nBob,c;d\r\n"
        assert prepared(content) == (content, [])

    def test_the_hint_to_excel(self) -> None:
        assert prepared(b"sep=;\r\n" + table(ASCII, ";").encode())[0] == ASCII.encode()
        assert prepared(b"sep=,\r\n" + ASCII.encode())[0] == ASCII.encode()

    def test_old_line_ends(self) -> None:
        assert prepared(ASCII.replace("\n", "").encode()) == (ASCII.encode(), ["line ends CR"])

    def test_numbers(self) -> None:
        content = b'name,phone\r\nAnn,1.2135550177E+10\r\nBob,12135550178.0\r\nCy,"1,2135550179e+010"\r\n'
        assert prepared(content) == (
            b"name,phone\r\nAnn,12135550177\r\nBob,12135550178\r\nCy,12135550179\r\n",
            ["numbers"],
        )

    @pytest.mark.parametrize(
        "cell", ["1E5", "2e3", "1.5", "3.0", "E+10", "1.2E-5", "A1E+10", "1.0.0", "12135550177", ""]
    )
    def test_other_texts_than_damaged_numbers_do_not_change(self, cell: str) -> None:
        assert checked_cell(cell, "x") == cell

    def test_all_conversions_in_one_file(self) -> None:
        content = b"\xff\xfe" + table(ROWS.replace("12135550177", "12135550177.0"), "\t").replace("\n", "").encode(
            "utf-16-le"
        )
        changes = ["encoding utf-16", "separator tab", "line ends CR", "numbers"]
        assert prepared(content) == (ROWS.encode(), changes)

    def test_a_large_file(self) -> None:
        content = table(ROWS, ";") + "Ann;Smith;12135550179\r\n" * 100_000
        text = prepared(content.encode("cp1252"))[0].decode()
        assert text == ROWS + "Ann,Smith,12135550179\r\n" * 100_000

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(
        st.lists(
            st.lists(
                st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_categories=["Cc"]), max_size=8),
                min_size=2,
                max_size=2,
            ),
            min_size=1,
            max_size=5,
        ),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    )
    def test_all_cells_are_kept(self, rows: list[list[str]], encoding: str) -> None:
        """A file in a Unicode encoding keeps all its cells or is refused."""
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\r\n").writerows([["firstName", "lastName"], *rows])
        try:
            content, _ = prepared(buffer.getvalue().encode(encoding))
        except InvalidInput:
            return
        found = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
        assert [row for row in found if any(row)] == [["firstName", "lastName"], *[row for row in rows if any(row)]]


def workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return buffer.getvalue()


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"", "file: is empty (0 bytes)"),
            (b"\0,\x4e\0" * 50, "file: is not a text file"),  # zeros at even and odd places
            (b"\xef\xbb\xbf", "file: has no rows"),
            (b"\r\n\r\n", "file: has no rows"),
            (b",,\r\n", "file: has no rows"),
            (b"<!DOCTYPE html><html>Sign in</html>", "file: is a web page"),
            (b"\xef\xbb\xbf \r\n<html>", "file: is a web page"),
            ("<html>".encode("utf-16"), "file: is a web page"),
            (workbook(), "file: is an Excel workbook or another ZIP archive, not a CSV file"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "file: is an Excel workbook, not a CSV file"),
            (b"%PDF-1.7\n", "file: is a PDF document"),
            (b'{"error": "no"}', "file: is JSON"),
            (b' [ {"a": 1} ]', "file: is JSON"),
            (bytes(range(256)) * 20, "file: is not a text file"),
            (b"name,phone\r\nAnn\x01,1\r\n", "file: is not a text file"),
            (b"x" * 1_000_000, "file: is not a text file"),
            (b"name,phone\r\nAnn,1.21356E+10\r\n", "file: row 2, column 'phone': the number is in exponent notation"),
            (b"12135550177,1.21356E+10\r\n", "file: row 1, column 2: the number is in exponent notation"),
            (b"name;phone\r\nAnn;1,2136E+10\r\n", "file: row 2, column 'phone': the number is in exponent notation"),
            (b"name,a\r\nAnn," + b"x" * 256, "file: row 2, column 'a': must have at most 255 characters"),
            (b'name,a\r\n"Ann,1\r\n', "file: line 2 is not valid CSV"),
            (b'name,a\r\n"Ann"x,1\r\n', "file: line 2 is not valid CSV"),
        ],
    )
    def test_invalid_files_are_refused_before_the_request(self, content: bytes, error: str, server: Recorder) -> None:
        step, attachments = attached("contacts.csv", content, "text/csv")
        with pytest.raises(InvalidInput, match=f"^{re.escape(error)}"):
            run(ACTION, {}, config_for(server.url), step=step, attachments=attachments)
        assert server.received == []

    @pytest.mark.parametrize("content_type", ["text/html", "text/html; charset=utf-8", "application/xhtml+xml"])
    def test_a_web_page_is_refused_by_its_type(self, content_type: str) -> None:
        with pytest.raises(InvalidInput, match=r"^file: is a web page"):
            prepared(b"Please sign in", content_type)

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            ("José", "mac_roman"),
            ("Müller", "mac_roman"),
            ("Nuñez", "mac_roman"),
            ("José", "cp850"),
            ("Nuñez", "cp437"),
            ("Иван Петров", "cp1251"),
            ("Łukasz", "cp1250"),
            ("Wiśniewski", "cp1250"),
            ("Jaśkiewicz", "cp1250"),
            ("Kościuk", "cp1250"),
            ("Świt", "cp1250"),
            ("Róża", "cp1250"),
            ("Иван", "cp1251"),
            ("山田太郎", "shift_jis"),
            ("山田太郎", "gb18030"),
            ("Ελένη", "cp1253"),
        ],
    )
    def test_an_ambiguous_encoding_is_refused(self, text: str, encoding: str) -> None:
        with pytest.raises(InvalidInput, match=r"^file: the character encoding cannot be recognized"):
            prepared(f"firstName,mobilePhone\r\n{text},12135550177\r\n".encode(encoding))

    def test_an_incomplete_utf_16_character_is_refused(self) -> None:
        with pytest.raises(InvalidInput, match=r"^file: the character encoding cannot be recognized"):
            prepared(codecs.BOM_UTF16_LE + "a,b\r\n".encode("utf-16-le") + b"\x00\xd8,\x00")

    def test_a_number_in_rows(self, server: Recorder) -> None:
        with pytest.raises(InvalidInput, match=r"^rows\[0\]\.phone: the number is in exponent notation"):
            run(ACTION, {"rows": [{"phone": "1.21356E+10"}]}, config_for(server.url))
        run(ACTION, {"rows": [{"phone": 12135550177.0, "other": "12135550177.0"}]}, config_for(server.url))
        assert parts(server.received[0])["file"][2] == b"phone,other\r\n12135550177,12135550177\r\n"

    def test_a_conversion_beyond_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(contact_file, "MAX_ATTACHMENT_SIZE", len(ROWS.encode("cp1252")))
        with pytest.raises(InvalidInput, match=r"^file: is larger than"):
            prepared(ROWS.encode("cp1252"))

    def test_a_full_disk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: Any, **__: Any) -> Any:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("tempfile._TemporaryFileWrapper", full)
        monkeypatch.setattr("tempfile.TemporaryFile", full)
        with pytest.raises(Unavailable, match=r"temporary copy cannot be written \(No space left on device\)"):
            prepared(ASCII.encode() * 100_000)

    @settings(deadline=None)
    @given(st.binary(max_size=300))
    def test_any_bytes_are_converted_or_refused(self, content: bytes) -> None:
        try:
            text, _ = prepared(content)
        except InvalidInput:
            return
        assert list(csv.reader(io.StringIO(text.decode("utf-8"), newline=""), strict=True))
