"""The output of a run for the user: messages on standard output, everything else on standard error.

live          a table on a terminal
plain         one line per event
status_lines  JSON for tools

Standard output contains only the messages of console steps, as lines of JSON for tools such as `jq`. Text from outside
is printed without control characters (`terminal_text`).
"""

from collections.abc import Mapping
from typing import Any, Protocol

from elasticio_runner.engine.progress import Progress
from elasticio_runner.flow_file.flow import Flow


class Display(Protocol):
    """Shows a run. Threads may call it."""

    def started(self, flow: Flow, progress: Progress, backend: str) -> None:
        """The steps are starting."""

    def ready(self, webhook_uri: str | None) -> None:
        """All steps are running. `webhook_uri` is the URL of a webhook trigger, None for other triggers."""

    def changed(self, step_id: str) -> None:
        """A step's counts have changed."""

    def body(self, step_id: str, body: Any) -> None:
        """A console step has received a message; raises OutputError if standard output cannot be written."""

    def line(self, who: str, level: int, text: str, facts: Mapping[str, Any] | None = None) -> None:
        """Show one event; `level` is one of the logging module.

        `facts` contains the same event for tools: `status_lines` describes its fields.
        """

    def finished(self, progress: Progress, seconds: float, is_complete: bool) -> None:
        """The run has ended; it is complete unless an error stopped it."""


def outline(flow: Flow) -> str:
    """Return all paths of a flow; each edge occurs once: a → b → c; a → d."""
    left = {step_id: [edge.target for edge in flow.edges_from(step_id)] for step_id in flow.steps}
    paths = []
    for step_id in dict.fromkeys([flow.trigger.id, *flow.steps]):
        while left[step_id]:
            path = [step_id]
            while left[path[-1]]:
                path.append(left[path[-1]].pop(0))
            paths.append(" → ".join(path))
    return "; ".join(paths) or flow.trigger.id


def start_text(flow: Flow) -> str:
    """Return when a polling trigger starts."""
    trigger, schedule = flow.trigger, flow.trigger.schedule
    if schedule.runs == 1:
        return f"{trigger.id} runs once"
    count = "until Ctrl-C" if schedule.runs is None else f"{schedule.runs} times"
    return f"{trigger.id} runs every {schedule.every:g} s, {count}"


def verdict(progress: Progress, seconds: float, is_complete: bool) -> str:
    """Return the last line of a run: its duration and its unsuccessful messages."""
    failed, left = len(progress.failures), progress.open
    parts = [f"{failed} failed"] if failed else []
    if left:
        parts.append(f"{left} left unfinished")
    if is_complete:
        return f"ended after {seconds:.1f} s: {', '.join(parts) or 'all messages succeeded'}"
    return ", ".join([f"aborted after {seconds:.1f} s", *parts])
