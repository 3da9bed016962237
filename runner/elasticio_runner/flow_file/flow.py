"""A flow: its steps, and the edges between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from elasticio_runner.flow_file.components import BUILTIN
from elasticio_runner.mapping.edge import Edge


@dataclass(frozen=True)
class Schedule:
    """When a polling trigger runs: `every` is the interval in seconds, `runs` the number of runs, None for no limit."""

    every: float = 60.0
    runs: int | None = None


@dataclass(frozen=True)
class FlowStep:
    """A step of a flow. `options` holds prefetch, passthrough, rates and rebound as the file gives them."""

    id: str
    root: Path
    function: str
    is_webhook: bool = False
    consumes_raw_data: bool = False
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def schedule(self) -> Schedule:
        """The schedule of a polling trigger."""
        return Schedule(**self.options.get("schedule", {}))

    @property
    def answered_by(self) -> str:
        """The id of the step whose httpReply answers a request, in a flow with a webhook trigger."""
        return str(self.options.get("webhook", {}).get("answeredBy", self.id))

    @property
    def is_console(self) -> bool:
        """Whether the runner shows the bodies of its messages."""
        return self.root == BUILTIN and self.function == "console"


@dataclass(frozen=True)
class Flow:
    """Steps and the edges between them. `id` is the same in every run."""

    id: str
    name: str
    variables: Mapping[str, Any]
    steps: Mapping[str, FlowStep]
    edges: tuple[Edge, ...] = ()

    @property
    def trigger(self) -> FlowStep:
        """The step where messages start."""
        targets = {edge.target for edge in self.edges}
        return next(step for step in self.steps.values() if step.id not in targets)

    def edges_from(self, step_id: str) -> list[Edge]:
        """Return the edges that begin at a step."""
        return [edge for edge in self.edges if edge.source == step_id]
