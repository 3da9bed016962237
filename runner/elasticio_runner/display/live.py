"""A live table on a terminal. Events are printed above it."""

import logging
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from elasticio_runner.display import start_text, verdict
from elasticio_runner.engine.progress import Progress
from elasticio_runner.errors import OutputError
from elasticio_runner.flow_file.flow import Flow
from elasticio_runner.terminal_text import json_text, printable

_STYLES = {logging.WARNING: "yellow", logging.ERROR: "red", logging.CRITICAL: "bold red"}


class LiveDisplay:
    """Implements `Display`. The table is redrawn several times per second."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()
        self._live: Live
        self._progress: Progress
        self._flow: Flow

    def started(self, flow: Flow, progress: Progress, backend: str) -> None:
        """Draw the table."""
        self._flow, self._progress = flow, progress
        self._console.print(Text.assemble((printable(flow.name), "bold"), f" on {backend}"))
        self._live = Live(console=self._console, get_renderable=self._table, refresh_per_second=8)
        self._live.start()

    def ready(self, webhook_uri: str | None) -> None:
        """Print the URL of the webhook, or the schedule."""
        if webhook_uri:
            self._console.print(Text.assemble("Waiting for requests at ", (webhook_uri, "bold")))
        else:
            self._console.print(Text(start_text(self._flow), "dim"))

    def changed(self, step_id: str) -> None:
        """Do nothing: the next redraw shows the change."""

    def body(self, step_id: str, body: Any) -> None:
        """Print a message's body above the table."""
        try:
            self._console.print(Text.assemble((f"{step_id} ", "cyan"), json_text(body)))
        except OSError as error:
            raise OutputError(f"standard output: cannot be written ({error.strerror}).") from error

    def line(self, who: str, level: int, text: str, facts: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Print an event above the table."""
        self._console.print(Text.assemble((f"{who} ", "cyan"), (printable(text), _STYLES.get(level, "dim"))))

    def finished(self, progress: Progress, seconds: float, is_complete: bool) -> None:
        """Draw the table for the last time."""
        self._live.stop()
        is_well = is_complete and not progress.failures and not progress.open
        self._console.print(Text(verdict(progress, seconds, is_complete), "bold green" if is_well else "bold red"))

    def _table(self) -> Table:
        table = Table("step", "function")
        for column in ("received", "emitted", "failed", "rebounded", "open"):
            table.add_column(column, justify="right")
        for step_id, count in self._progress.counts.items():
            failed = Text(str(count.failed), "red" if count.failed else "")
            numbers = (str(number) for number in (count.rebounded, count.open))
            function = self._flow.steps[step_id].function
            table.add_row(step_id, function, str(count.received), str(count.emitted), failed, *numbers)
        return table
