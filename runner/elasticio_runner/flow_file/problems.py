"""What is wrong with a flow file: every problem with its place and its mend, in one error."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from elasticio.errors import ElasticioError

from elasticio_runner.flow_file.locations import Place, spell


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `text` says what is wrong and what to do."""

    place: Place
    text: str


class FlowError(ElasticioError):
    """A flow cannot be run as its file or its options describe it."""


class FlowFileError(FlowError):
    """The flow file has to be mended; one line for each problem: FILE:LINE: place: what to do."""

    def __init__(self, file: Path, problems: Iterable[Problem], lines: Mapping[Place, int]) -> None:
        self.problems = tuple(problems)
        told = sorted((_line(problem.place, lines), problem) for problem in self.problems)
        super().__init__("\n".join(f"{file}:{line}: {spell(problem.place)}: {problem.text}" for line, problem in told))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint at the known word that is most like `word`, or at all of them."""
    names = sorted(known)
    alike = difflib.get_close_matches(word, names, n=1)
    if alike:
        return f"did you mean {alike[0]!r}?"
    return f"there are: {', '.join(names)}" if names else "there are none"


def _line(place: Place, lines: Mapping[Place, int]) -> int:
    """Return the line of a place, or of the nearest value around it."""
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place, 1)
