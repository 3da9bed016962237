"""Pieces of Markdown: tables, wrapped paragraphs, anchors, and generated sections of a page."""

import re
import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 120  # characters of a line and of a table cell


class MarkerError(Exception):
    """A page does not contain the markers of a generated section exactly once."""


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table. Raises ValueError if a cell has more than WIDTH characters."""
    lines = [header, ["---"] * len(header), *rows]
    for line in lines:
        for cell in line:
            if len(cell) > WIDTH:
                raise ValueError(f"table cell of {len(cell)} characters, the limit is {WIDTH}: {cell}")
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def paragraph(text: str) -> str:
    """Return the text in lines of at most WIDTH characters. Words and hyphenated words are not split."""
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"


def list_item(text: str, depth: int = 0) -> str:
    """Return an item of a list in lines of at most WIDTH characters; `depth` 1 is a list within an item."""
    indent = "    " * depth
    lines = textwrap.fill(
        f"- {text}",
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"{lines}\n"


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchor_of(heading: str, _separator: str) -> str:
    """Return the same anchor for the site; the function has the signature that MkDocs expects."""
    return anchor(heading)


def replace_section(page: str, name: str, content: str) -> str:
    """Return the page with the section between `<!-- NAME -->` and `<!-- /NAME -->` replaced.

    Raises MarkerError if the page does not contain the two markers once.
    """
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    if page.count(begin) != 1 or page.count(end) != 1 or page.index(begin) > page.index(end):
        raise MarkerError(f"The page must contain {begin.strip()} and then {end} exactly once, on separate lines.")
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}{content}{end}{after}"
