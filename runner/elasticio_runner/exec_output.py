"""Prints the events of one function as lines of JSON, and its errors and log lines as text."""

from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import IO, Any

from elasticio_runner.display.json_lines import JsonLines
from elasticio_runner.errors import OutputError
from elasticio_runner.exec_events import Event
from elasticio_runner.saved_files import SavedFiles
from elasticio_runner.terminal_text import json_text, printable
from elasticio_runner.tracebacks import own_frames


class ExecOutput:
    """An EventListener that prints: each event as {"event": "data", "body": …} to `out`, everything else to `err`."""

    def __init__(self, out: IO[str], err: IO[str], save: Path | None, *, traced: Path | None = None) -> None:
        """`save` is a folder for emitted files. `traced` is the component's folder if tracebacks are shown."""
        self._lines = JsonLines(out)
        self._err = err
        self._saved = SavedFiles(save) if save else None
        self._traced = traced
        self._written: Counter[str] = Counter()
        self._on_emitted: Callable[[int], object] | None = None

    def emitted(self, event: Event) -> None:
        """Print an event and save its files; raises OutputError."""
        if self._saved and event.files:
            self._saved.save(event.files)
        self._write(event)
        if event.name == "rebound":
            self._show("the function rebounded the message; exec does not retry")

    def failed(self, text: str, stack: str) -> None:
        """Print the error of the function."""
        own = own_frames(stack, self._traced) if self._traced else ""
        self._show(own if own.endswith(text) else text)

    def logged(self, who: str, _level: int, text: str) -> None:
        """Print a log line."""
        self._show(f"{who}: {text}")

    def progress(self, function: str) -> Any:
        """Return a context manager that shows the elapsed time and the number of events on a terminal."""
        if not self._err.isatty():
            return nullcontext()
        from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        shown = Progress(*columns, console=Console(file=self._err), transient=True)
        task = shown.add_task(f"{function} is running", total=None)
        self._on_emitted = lambda count: shown.update(task, description=f"{function} is running, {count} emitted")
        return shown

    def _show(self, text: str) -> None:
        with suppress(OSError, ValueError):  # standard error is closed or full
            self._err.write(printable(text) + "\n")

    def _write(self, event: Event) -> None:
        line = event.as_json()
        try:
            self._lines.write(line)
        except OutputError as error:
            raise OutputError(f"{error}\n{self._already()}Emitted but not written: {json_text(line)}") from error
        self._written[event.name] += 1
        if self._on_emitted:
            self._on_emitted(self._written.total())

    def _already(self) -> str:
        counts = ", ".join(f"{count} {event}" for event, count in self._written.items()) or "nothing"
        return f"Emitted and written before: {counts}. The function may have had further effects.\n"
