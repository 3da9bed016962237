"""The mistakes in a flow file, each with its place and the correction, in one error."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elasticio_runner.errors import FlowError
from elasticio_runner.flow_file.locations import Place, line_of, spell


@dataclass(frozen=True)
class Problem:
    """One mistake. `text` contains the mistake and the correction. `line` is for mistakes without a place."""

    place: Place
    text: str
    line: int | None = None


class FlowFileError(FlowError):
    """The flow file contains mistakes. The text has one line for each: FILE:LINE: place: mistake; correction."""

    def __init__(self, file: Path, problems: Iterable[Problem], lines: Mapping[Place, int]) -> None:
        self.problems = tuple(problems)
        known = dict(lines)
        texts = {
            (problem.line or line_of(problem.place, known), _described(problem)): None for problem in self.problems
        }
        super().__init__("\n".join(f"{file}:{line}: {text}" for line, text in sorted(texts)))


def nearest(word: Any, known: Iterable[str]) -> str:
    """Return a hint that names the most similar known word, or all known words."""
    names = sorted(known)
    alike = difflib.get_close_matches(str(word), names, n=1)
    if alike:
        return f"did you mean {alike[0]!r}?"
    return f"available: {', '.join(names)}" if names else "none is available"


def _described(problem: Problem) -> str:
    return f"{spell(problem.place)}: {problem.text}"
