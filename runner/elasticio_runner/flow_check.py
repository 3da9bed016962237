"""`elasticio flow check`: reports all mistakes of flow files without a run."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from elasticio_runner.display.json_lines import JsonLines
from elasticio_runner.errors import FlowError, OutputError
from elasticio_runner.flow_file.problems import LocatedProblem
from elasticio_runner.flow_file.reader import inspect
from elasticio_runner.terminal_text import printable


def check(files: Sequence[Path], environ: Mapping[str, str], *, is_json: bool = False) -> bool:
    """Print the findings of all files; returns whether no file has a mistake.

    Raises OutputError if standard output cannot be written.
    """
    lines = JsonLines(sys.stdout)
    found: list[LocatedProblem] = []
    for file in files:
        for finding in _findings(file, environ):
            found.append(finding)
            if is_json:
                lines.write(as_json(finding))
            else:
                _print(str(finding))
    mistakes = sum(not finding.is_warning for finding in found)
    if not is_json and not found:
        _print(f"no mistakes in {', '.join(map(str, files))}")
    return not mistakes


def as_json(finding: LocatedProblem) -> dict[str, Any]:
    """Return a finding for tools: {file, line, place, level: error or warning, text}."""
    level = "warning" if finding.is_warning else "error"
    return {"file": finding.file, "line": finding.line, "place": finding.place, "level": level, "text": finding.text}


def _findings(file: Path, environ: Mapping[str, str]) -> Iterator[LocatedProblem]:
    try:
        yield from inspect(file, environ).findings
    except FlowError as error:  # the file cannot be read
        yield LocatedProblem(str(file), 1, "the file", str(error))


def _print(text: str) -> None:
    try:
        sys.stdout.write(printable(text) + "\n")
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError) as error:  # AttributeError: there is no standard output
        raise OutputError(f"standard output: cannot be written ({type(error).__name__}).") from error
