"""The parsed content of a flow file: steps, and the edges between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from elasticio_runner.flow_file.components import BUILTIN
from elasticio_runner.mapping.edge import Edge


@dataclass(frozen=True)
class Schedule:
    """The schedule of a polling trigger: the interval in seconds, and the number of runs (None: no limit)."""

    every: float = 60.0
    runs: int | None = None


@dataclass(frozen=True)
class FlowStep:
    """A step of a flow. `options` contains prefetch, passthrough, rates and rebound of the file."""

    id: str
    root: Path
    function: str
    is_webhook: bool = False
    consumes_raw_data: bool = False
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def schedule(self) -> Schedule:
        """The schedule of a polling trigger, with defaults."""
        return Schedule(**self.options.get("schedule", {}))

    @property
    def answered_by(self) -> str:
        """The ID of the step whose httpReply is the response to a webhook request. Default: this step."""
        return str(self.options.get("webhook", {}).get("answeredBy", self.id))

    @property
    def is_console(self) -> bool:
        """Whether the step is the runner's Console, whose messages the runner shows."""
        return self.root == BUILTIN and self.function == "console"


@dataclass(frozen=True)
class Flow:
    """A flow: its steps by ID, and its edges. `id` is the same in every run."""

    id: str
    name: str
    variables: Mapping[str, Any]
    steps: Mapping[str, FlowStep]
    edges: tuple[Edge, ...] = ()

    @property
    def trigger(self) -> FlowStep:
        """The step that starts the flow."""
        targets = {edge.target for edge in self.edges}
        return next(step for step in self.steps.values() if step.id not in targets)

    def edges_from(self, step_id: str) -> list[Edge]:
        """Return the edges from a step to its next steps."""
        return [edge for edge in self.edges if edge.source == step_id]
