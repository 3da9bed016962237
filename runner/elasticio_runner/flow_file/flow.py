"""A flow file, read and checked as a whole: `read` gives a flow, or one error with all there is to mend."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from elasticio_runner.flow_file import checks, components, references, schema
from elasticio_runner.flow_file.locations import lines
from elasticio_runner.flow_file.problems import FlowError, FlowFileError, Problem
from elasticio_runner.mapping.edge import Edge, Expression, compiled


@dataclass(frozen=True)
class Schedule:
    """When a polling trigger runs: `every` so many seconds, `runs` times in all, None for no end."""

    every: float = 60.0
    runs: int | None = None


@dataclass(frozen=True)
class Step:
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
        """When it runs, for a polling trigger."""
        return Schedule(**self.options.get("schedule", {}))

    @property
    def answered_by(self) -> str:
        """The id of the step whose httpReply answers a request, for a webhook trigger."""
        return str(self.options.get("webhook", {}).get("answeredBy", self.id))

    @property
    def is_console(self) -> bool:
        """Whether the bodies of its messages are to be shown."""
        return self.root == components.BUILTIN and self.function == "console"


@dataclass(frozen=True)
class Flow:
    """Steps and the ways between them. `id` is the same in every run."""

    id: str
    name: str
    variables: Mapping[str, Any]
    steps: Mapping[str, Step]
    edges: tuple[Edge, ...] = ()

    @property
    def trigger(self) -> Step:
        """The step where messages start."""
        targets = {edge.target for edge in self.edges}
        return next(step for step in self.steps.values() if step.id not in targets)

    def edges_from(self, step_id: str) -> list[Edge]:
        """Return the ways that messages of a step take."""
        return [edge for edge in self.edges if edge.source == step_id]


def read(file: Path, environ: Mapping[str, str]) -> Flow:
    """Read and check a flow file; raises FlowFileError with all problems, FlowError where there is nothing to read."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not in UTF-8"
        raise FlowError(f"the flow file {file} cannot be read: {reason}") from error
    problems: list[Problem] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        problems.extend(Problem((), f'"{name}" stands twice in one object; remove one of them') for name in twice)
        return dict(pairs)

    try:
        data = json.loads(text, object_pairs_hook=members)
    except json.JSONDecodeError as error:
        problem = Problem((), f"this is no JSON: {error.msg} at column {error.colno}")
        raise FlowFileError(file, [problem], {(): error.lineno}) from None
    # The rest can only be looked at where the structure holds.
    problems = problems or list(schema.problems(data)) or list(checks.problems(data, file.parent, environ))
    if problems:
        raise FlowFileError(file, problems, lines(text))
    return _flow(data, file, environ)


def _flow(data: Mapping[str, Any], file: Path, environ: Mapping[str, str]) -> Flow:
    stem = file.name.removesuffix(".json").removesuffix(".flow")
    steps = (_step(step, file.parent, environ) for step in data["steps"])
    return Flow(
        id=re.sub(r"[^A-Za-z0-9_-]+", "-", stem),
        name=data.get("name", stem),
        variables=references.resolve(data.get("variables", {}), environ),
        steps={step.id: step for step in steps},
        edges=tuple(_edge(edge, ("edges", index)) for index, edge in enumerate(data.get("edges", []))),
    )


def _step(data: Mapping[str, Any], folder: Path, environ: Mapping[str, str]) -> Step:
    root = components.root(data, folder)
    component = components.descriptor(root)
    credentials = data.get("credentials", {})
    config = {**data.get("config", {}), **credentials, **({"_account": data["id"]} if credentials else {})}
    return Step(
        id=data["id"],
        root=root,
        function=data["function"],
        is_webhook=components.is_webhook(components.entries(component)[data["function"]]),
        consumes_raw_data=component.get("consumesRawData") is True,
        config=references.resolve(config, environ),
        options={name: data[name] for name in _OPTIONS if name in data},
    )


def _edge(data: Mapping[str, Any], place: tuple[str | int, ...]) -> Edge:
    condition = data.get("condition")
    return Edge(
        source=data["from"],
        target=data["to"],
        mapping=compiled(data.get("mapping"), (*place, "mapping")),
        condition=Expression(condition, (*place, "condition")) if condition else None,
    )


_OPTIONS = ("prefetch", "passthrough", "rates", "rebound", "schedule", "webhook")
