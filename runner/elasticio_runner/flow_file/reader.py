"""Reads a flow file. Returns a flow, or raises one error that names all mistakes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elasticio_runner import json_input
from elasticio_runner.errors import FlowError
from elasticio_runner.flow_file import checks, components, references, repeats, schema, variables
from elasticio_runner.flow_file.flow import Flow, FlowStep
from elasticio_runner.flow_file.locations import Place, locate
from elasticio_runner.flow_file.problems import FlowFileError, LocatedProblem, Problem, located
from elasticio_runner.mapping.edge import Edge, compiled
from elasticio_runner.mapping.expression import Expression

_OPTIONS = ("prefetch", "passthrough", "rates", "rebound", "schedule", "webhook")


@dataclass(frozen=True)
class Inspection:
    """The result of a check: everything that was found in a flow file."""

    file: Path
    data: Any
    findings: tuple[LocatedProblem, ...]

    @property
    def mistakes(self) -> tuple[LocatedProblem, ...]:
        """What must be corrected before the flow can run."""
        return tuple(each for each in self.findings if not each.is_warning)

    @property
    def warnings(self) -> tuple[LocatedProblem, ...]:
        """What is probably wrong."""
        return tuple(each for each in self.findings if each.is_warning)

    def flow(self, environ: Mapping[str, str]) -> Flow:
        """Return the flow; raises FlowFileError if there are mistakes."""
        if self.mistakes:
            raise FlowFileError(self.mistakes)
        return _flow(self.data, self.file, environ)


def read(file: Path, environ: Mapping[str, str]) -> Flow:
    """Read and check a flow file.

    Raises FlowFileError with all mistakes, FlowError if the file cannot be read at all.
    """
    return inspect(file, environ).flow(environ)


def inspect(file: Path, environ: Mapping[str, str]) -> Inspection:
    """Check a flow file without running anything; raises FlowError if the file cannot be read at all."""
    try:
        text = json_input.read_text(file)
    except (OSError, UnicodeDecodeError) as error:
        advice = "; save it as UTF-8" if isinstance(error, UnicodeDecodeError) else ""
        raise FlowError(f"the flow file {file} cannot be read: {json_input.unreadable(error)}{advice}") from error
    try:
        data = json_input.parse(text)
    except json_input.InvalidJsonError as error:
        problem = Problem((), f"not valid JSON: {error}", error.line)
        return Inspection(file, None, tuple(located(file, [problem], {})))
    positions = locate(text)
    problems = [_duplicate(place, line) for place, line in positions.duplicates]
    mistakes = list(schema.problems(data))
    problems += mistakes
    sound = schema.well_formed(data, mistakes)
    if isinstance(sound, dict):
        problems += checks.problems(sound, file.parent, environ)
        problems += _misspelled_references(sound)
        problems += variables.problems(sound.get("edges"), sound.get("variables") or {})
        problems += repeats.problems(sound) if not mistakes else ()
    return Inspection(file, data, tuple(located(file, problems, positions.lines)))


def _misspelled_references(data: Mapping[str, Any]) -> Iterator[Problem]:
    for part in ("variables", "credentials"):
        yield from references.misspelled(data.get(part), (part,))
    for index, step in enumerate(data.get("steps") or ()):
        for part in ("config", "credentials") if isinstance(step, dict) else ():
            yield from references.misspelled(step.get(part), ("steps", index, part))


def _duplicate(place: Place, line: int) -> Problem:
    return Problem(place[:-1], f'"{place[-1]}" occurs twice in one object; remove one of them', line)


def _flow(data: Mapping[str, Any], file: Path, environ: Mapping[str, str]) -> Flow:
    stem = file.name.removesuffix(".json").removesuffix(".flow")
    shared = data.get("credentials", {})
    steps = (_step(step, shared, file.parent, environ) for step in data["steps"])
    return Flow(
        id=re.sub(r"[^A-Za-z0-9_-]+", "-", stem),
        name=data.get("name", stem),
        variables=references.resolve(data.get("variables", {}), environ),
        steps={step.id: step for step in steps},
        edges=tuple(_edge(edge, ("edges", index)) for index, edge in enumerate(data.get("edges", []))),
    )


def _step(data: Mapping[str, Any], shared: Mapping[str, Any], folder: Path, environ: Mapping[str, str]) -> FlowStep:
    root = components.root(data, folder)
    component = components.descriptor(root)
    credentials, account = data.get("credentials", {}), data["id"]
    if isinstance(credentials, str):
        credentials, account = shared[credentials], credentials
    config = {**data.get("config", {}), **credentials, **({"_account": account} if credentials else {})}
    return FlowStep(
        id=data["id"],
        root=root,
        function=data["function"],
        is_webhook=components.is_webhook(components.entries(component)[data["function"]]),
        consumes_raw_data=component.get("consumesRawData") is True,
        config=references.resolve(config, environ),
        options={name: data[name] for name in _OPTIONS if name in data},
    )


def _edge(data: Mapping[str, Any], place: Place) -> Edge:
    condition = data.get("condition")
    return Edge(
        source=data["from"],
        target=data["to"],
        mapping=compiled(data.get("mapping"), (*place, "mapping")),
        condition=Expression(condition, (*place, "condition")) if condition else None,
    )
