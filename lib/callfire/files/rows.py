"""Rows of a contact list: written as CSV, and the rules for a single cell, which hold for CSV files, too."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lib.callfire.api.errors import InvalidInput

LONGEST_CELL = 255  # characters; a longer one makes CallFire refuse the whole list
_PIECE = 64 * 1024  # characters
# As spreadsheets show long numbers. Programs that hold numbers as floats write .0 after them.
_EXPONENT = re.compile(r"([1-9])(?:[.,](\d+))?[eE]\+0*(\d{1,2})")
_FLOAT = re.compile(r"(\d{7,15})\.0")


def csv_of_rows(rows: list[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield a CSV file of rows, with the columns in the order in which they first appear.

    Raises `InvalidInput` for rows without a value, and for a cell that is no text, number or boolean or is too long.
    """
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if not columns:
        raise InvalidInput("rows: needs at least one row with a value.")
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
    """Return a cell as CallFire should read it: a whole number with all its digits.

    Raises `InvalidInput` naming the place of a cell that is too long, and of a number in exponent notation whose digits
    are lost.
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
