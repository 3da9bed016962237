"""Writes Python code: literals and declarations, formatted as common formatters do."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence

WIDTH = 120  # characters in a line


def literal(value: object) -> str:
    """Return a literal with double quotes: of a text, a boolean, or a tuple of literals."""
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    text = repr(value)
    if isinstance(value, str) and text.startswith("'"):
        inner = text[1:-1].replace("\\'", "'").replace('"', '\\"')
        return f'"{inner}"'
    return text


def call(name: str, arguments: Iterable[str], keywords: Mapping[str, str], indent: int = 0) -> str:
    """Return a call. Arguments that do not fit into one line have a line each."""
    parts = [*arguments, *(f"{key}={value}" for key, value in keywords.items())]
    line = f"{name}({', '.join(parts)})"
    if len(line) + indent + len("operation = ") <= WIDTH and "\n" not in line:
        return line
    pad = " " * (indent + 4)
    return f"{name}(\n" + "".join(f"{pad}{part},\n" for part in parts) + f"{' ' * indent})"


def rows(entries: Sequence[str], indent: int) -> str:
    """Return a tuple with one entry in each line. A single short entry stays in the line."""
    if len(entries) == 1 and "\n" not in entries[0] and len(entries[0]) + 2 * indent + 15 <= WIDTH:
        return f"({entries[0]},)"
    pad = " " * (indent + 4)
    return "(\n" + "".join(f"{pad}{entry},\n" for entry in entries) + f"{' ' * indent})"


def docstring(*paragraphs: str) -> str:
    """Return a docstring whose paragraphs are wrapped."""
    safe = [paragraph.replace("\\", "\\\\").replace('"""', "'''") for paragraph in paragraphs if paragraph]
    text = "\n\n".join("\n".join(textwrap.wrap(paragraph, WIDTH - 3, break_on_hyphens=False)) for paragraph in safe)
    end = "\n" if "\n" in text else ""
    return f'"""{text.rstrip(chr(34))}{end}"""\n'
