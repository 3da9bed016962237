"""Findings: what is wrong in a component, where, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from elasticio_runner.flow_file.locations import Place, line_of, spell
from elasticio_runner.terminal_text import printable

COMPONENT_FILE = "component.json"
Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing to correct.

    severity  error: the function or the component does not work. warning: the component works, but looks or behaves
              worse than it could
    place     path of the value in the file; () for the file itself
    wrong     what is wrong, without a full stop
    advice    what to do, a sentence without a full stop
    file      path below the component's folder
    line      line in the file, from 1, if the place does not tell it
    """

    severity: Severity
    place: Place
    wrong: str
    advice: str
    file: str = COMPONENT_FILE
    line: int | None = None

    def line_in(self, lines: Mapping[Place, int]) -> int:
        """Return the line of the finding, given the lines of the values in its file."""
        return self.line or line_of(self.place, dict(lines))

    def text(self, line: int) -> str:
        """Return the finding as one line: FILE:LINE: SEVERITY: PLACE: WRONG. ADVICE."""
        text = f"{self.file}:{line}: {self.severity}: {spell(self.place)}: {self.wrong}. {self.advice}"
        text += "" if text.endswith("?") else "."
        return printable(text.replace("\n", " "))


def error(place: Place, wrong: str, advice: str, *, file: str = COMPONENT_FILE, line: int | None = None) -> Finding:
    """Return a finding that must be corrected."""
    return Finding("error", place, wrong, advice, file, line)


def warning(place: Place, wrong: str, advice: str, *, file: str = COMPONENT_FILE) -> Finding:
    """Return a finding that should be corrected."""
    return Finding("warning", place, wrong, advice, file)
