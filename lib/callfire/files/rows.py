"""Rows of a contact list as CSV, and the rules for a cell, which also apply to CSV files."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lib.callfire.api.errors import InvalidInput

LONGEST_CELL = 255  # characters; CallFire rejects the whole list because of a longer cell
_PIECE = 64 * 1024  # characters
# Spreadsheets show long numbers with an exponent. Programs that use floats append .0.
_EXPONENT = re.compile(r"([1-9])(?:[.,](\d+))?[eE]\+0*(\d{1,2})")
_FLOAT = re.compile(r"(\d{7,15})\.0")


def csv_of_rows(rows: list[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield a CSV file of rows. The columns are in the order of their first occurrence.

    Raises `InvalidInput` for rows without a value, and for a cell of another type or above the maximum length.
    """
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if not columns:
        raise InvalidInput("rows: must have at least one row with a value.")
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    for number, row in enumerate(rows):
        writer.writerow([_text(row.get(column), f"rows[{number}].{column}") for column in columns])
        if buffer.tell() > _PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def checked_cell(text: str, place: str) -> str:
    """Return a cell in CallFire's format: whole numbers have all their digits.

    Raises `InvalidInput` for a cell above the maximum length, and for a number in exponent notation with lost digits.
    `place` names the cell in the error.
    """
    if len(text) > LONGEST_CELL:
        raise InvalidInput(f"{place}: must have at most {LONGEST_CELL} characters.")
    stripped = text.strip()
    if stripped.endswith(".0") and (number := _FLOAT.fullmatch(stripped)):
        return number[1]
    if "+" in stripped and (number := _EXPONENT.fullmatch(stripped)):
        fraction, exponent = number[2] or "", int(number[3])
        if len(fraction) != exponent:
            raise InvalidInput(
                f"{place}: the number is in exponent notation, as in 1.2E+10, and has lost digits. Format the column "
                "as text in the spreadsheet and enter the number again."
            )
        return number[1] + fraction
    return text


def _text(value: Any, place: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if not isinstance(value, str | int | float):
        raise InvalidInput(f"{place}: must be a text, a number, true or false.")
    return checked_cell(str(value), place)
