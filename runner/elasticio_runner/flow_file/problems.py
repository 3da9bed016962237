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
    """One mistake. `text` contains the mistake and the correction. `line` is for mistakes without a place.

    A flow with warnings can run.
    """

    place: Place
    text: str
    line: int | None = None
    is_warning: bool = False


@dataclass(frozen=True, order=True)
class LocatedProblem:
    """A problem with its position in a file, for people and tools. `line` counts from 1."""

    file: str
    line: int
    place: str
    text: str
    is_warning: bool = False

    def __str__(self) -> str:
        """Return one line: FILE:LINE: place: mistake; correction."""
        return f"{self.file}:{self.line}: {'warning: ' if self.is_warning else ''}{self.place}: {self.text}"


def located(file: Path, problems: Iterable[Problem], lines: Mapping[Place, int]) -> list[LocatedProblem]:
    """Return the problems in the order of their lines, each once."""
    known = dict(lines)
    return sorted(
        {
            LocatedProblem(
                str(file),
                problem.line or line_of(problem.place, known),
                spell(problem.place),
                problem.text,
                problem.is_warning,
            )
            for problem in problems
        }
    )


class FlowFileError(FlowError):
    """The flow file contains mistakes. The text has one line for each: FILE:LINE: place: mistake; correction."""

    def __init__(self, findings: Iterable[LocatedProblem]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def nearest(word: Any, known: Iterable[str]) -> str:
    """Return a hint that names the most similar known word, or all known words."""
    names = sorted(known)
    alike = difflib.get_close_matches(str(word), names, n=1)
    if alike:
        return f"did you mean {alike[0]!r}?"
    return f"available: {', '.join(names)}" if names else "none is available"
