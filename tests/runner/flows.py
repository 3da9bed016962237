"""Flows with the test component."""

import itertools
from pathlib import Path
from typing import Any

from elasticio_runner.flow_file.components import BUILTIN
from elasticio_runner.flow_file.flow import Flow, FlowStep
from elasticio_runner.mapping.edge import Edge, compiled

COMPONENT = Path(__file__).parent / "flow_component"


def step(step_id: str, function: str, config: dict[str, Any] | None = None, **options: Any) -> FlowStep:
    return FlowStep(step_id, COMPONENT, function, function == "hook", config=config or {}, options=options)


CONSOLE = FlowStep("console", BUILTIN, "console")


def chain(*steps: FlowStep, mapping: Any = None, variables: dict[str, Any] | None = None) -> Flow:
    """Return a flow of consecutive steps. `mapping` is that of the first edge."""
    ids = [each.id for each in steps]
    edges = [Edge(source, target) for source, target in itertools.pairwise(ids)]
    edges[0] = Edge(ids[0], ids[1], compiled(mapping, ("mapping",)))
    return Flow("test", "Test", variables or {}, {each.id: each for each in steps}, tuple(edges))


def count(items: int = 1, runs: int = 1, **config: Any) -> FlowStep:
    return step("begin", "count", {"items": items, **config}, schedule={"runs": runs, "every": 0.01})
