"""Mistakes in a flow file: each with its place and what to do, all in one error."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elasticio_runner.errors import FlowError
from elasticio_runner.flow_file.locations import Place, line_of, spell


@dataclass(frozen=True)
class Problem:
    """One mistake. `text` says what is wrong and what to do. `line` is for mistakes that have no place."""

    place: Place
    text: str
    line: int | None = None


class FlowFileError(FlowError):
    """The flow file contains mistakes; one line of text for each: FILE:LINE: place: what is wrong, what to do."""

    def __init__(self, file: Path, problems: Iterable[Problem], lines: Mapping[Place, int]) -> None:
        self.problems = tuple(problems)
        known = dict(lines)
        told = {(problem.line or line_of(problem.place, known), _described(problem)): None for problem in self.problems}
        super().__init__("\n".join(f"{file}:{line}: {text}" for line, text in sorted(told)))


def nearest(word: Any, known: Iterable[str]) -> str:
    """Return a hint that names the known word that resembles `word`, or all known words."""
    names = sorted(known)
    alike = difflib.get_close_matches(str(word), names, n=1)
    if alike:
        return f"did you mean {alike[0]!r}?"
    return f"there are: {', '.join(names)}" if names else "there are none"


def _described(problem: Problem) -> str:
    return f"{spell(problem.place)}: {problem.text}"
