"""`elasticio flow check`: reports all mistakes of flow files without a run."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from elasticio_runner.display.json_lines import JsonLines
from elasticio_runner.display.print_redirect import prints_to_stderr
from elasticio_runner.errors import FlowError, OutputError
from elasticio_runner.flow_file.problems import LocatedProblem
from elasticio_runner.flow_file.reader import inspect
from elasticio_runner.terminal_text import printable


def check(files: Sequence[Path], environ: Mapping[str, str], *, is_json: bool = False) -> bool:
    """Print the findings of all files; returns whether no file has a mistake.

    Raises OutputError if standard output cannot be written.
    """
    found = [finding for file in files for finding in _findings(file, environ)]
    with prints_to_stderr() as out:
        if is_json:
            lines = JsonLines(out)
            for finding in found:
                lines.write(as_json(finding))
        else:
            _print("\n".join(map(str, found)) or f"no mistakes in {', '.join(map(str, files))}", out)
    return all(finding.is_warning for finding in found)


def as_json(finding: LocatedProblem) -> dict[str, Any]:
    """Return a finding for tools: {file, line, place, level: error or warning, text}."""
    level = "warning" if finding.is_warning else "error"
    return {"file": finding.file, "line": finding.line, "place": finding.place, "level": level, "text": finding.text}


def _findings(file: Path, environ: Mapping[str, str]) -> Iterator[LocatedProblem]:
    try:
        yield from inspect(file, environ).findings
    except FlowError as error:  # the file cannot be read
        yield LocatedProblem(str(file), 1, "the file", str(error).removeprefix(f"the flow file {file} "))


def _print(text: str, out: IO[str]) -> None:
    try:
        out.write(printable(text) + "\n")
        out.flush()
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise OutputError(f"standard output: cannot be written ({reason}).") from error
