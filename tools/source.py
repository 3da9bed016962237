"""Facts read from the source of the SDK: strings below definitions, and log calls."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

LEVELS = {"critical": "fatal", "error": "error", "warning": "warn", "info": "info", "debug": "debug"}


@dataclass(frozen=True)
class LogLine:
    """A log call: the platform's level, and the text with … instead of values."""

    level: str
    text: str


def docstrings(statements: Iterable[ast.stmt]) -> dict[str, str]:
    """Return {name: string below the definition} of the variables in a module or a class."""
    found = {}
    for statement, below in pairwise(statements):
        match statement, below:
            case (
                ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = text
    return found


def class_docstrings(path: Path, name: str) -> dict[str, str]:
    """Return {field: string below it} of a class. Raises LookupError if the module has no such class."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.ClassDef) and statement.name == name:
            return docstrings(statement.body)
    raise LookupError(f"{path.name} has no class {name}")


def log_lines(folder: Path) -> Iterator[LogLine]:
    """Yield each log call of a package, by level and then by text."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log"), attr=method), args=[ast.Constant(value=str(text)), *_]
                ) if method in LEVELS:
                    found.add(LogLine(LEVELS[method], re.sub(r"%(\.\d+)?[a-z]", "…", text)))
    order = list(LEVELS.values())
    yield from sorted(found, key=lambda line: (order.index(line.level), line.text))
