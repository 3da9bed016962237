"""The checks of a flow file that a schema cannot express: whether steps, functions, fields and edges match.

Values that violate the schema are already removed from the data. One error therefore reports all mistakes.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from elasticio.errors import ComponentError

from elasticio_runner.errors import StaticSchemaError
from elasticio_runner.flow_file import components, forms, graph, inputs, outputs, references
from elasticio_runner.flow_file.locations import Place
from elasticio_runner.flow_file.problems import Problem, nearest
from elasticio_runner.flow_file.static_schema import static_schema
from elasticio_runner.mapping.edge import faults

Data = Mapping[str, Any]


def problems(data: Data, folder: Path, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the mistakes in the well-formed parts of a flow."""
    shared = data.get("credentials") or {}
    for part in ("variables", "credentials"):
        yield from references.unset(data.get(part) or {}, environ, (part,))
    steps, edges = _numbered(data, "steps"), _numbered(data, "edges")
    known: dict[int, _Function] = {}
    for index, step in steps.items():
        function = _Function(step, folder)
        known[index] = function
        yield from _step_problems(function, ("steps", index), environ)
        yield from _credential_problems(function, shared, ("steps", index, "credentials"), environ)
    found = [*_id_problems(steps), *_edge_problems(edges, steps, known)]
    yield from found
    if not found and _is_whole(data):
        kinds = {index: function.kind for index, function in known.items()}
        yield from graph.problems(data["steps"], data.get("edges", []), kinds)


class _Function:
    """A step's function in its component. `entry` is None if the component does not contain it."""

    def __init__(self, step: Data, folder: Path) -> None:
        self.step = step
        self.root = components.root(step, folder)
        self.component: Data = {}
        self.failure: ComponentError | None = None
        try:
            self.component = components.descriptor(self.root)
        except ComponentError as error:
            self.failure = error
        self.entries = components.entries(self.component)
        self.entry = self.entries.get(step.get("function") or "")

    @property
    def kind(self) -> str | None:
        return self.entry["kind"] if self.entry else None

    def schema(self, side: str) -> Data:
        """Return the static schema of the input or output, {} if it is not known."""
        if not self.entry:
            return {}
        try:
            return static_schema(self.entry, side, self.root) or {}
        except StaticSchemaError:  # `elasticio check` reports it
            return {}


def _step_problems(function: _Function, place: Place, environ: Mapping[str, str]) -> Iterator[Problem]:
    step = function.step
    yield from references.unset(step.get("config") or {}, environ, (*place, "config"))
    if function.failure:
        advice = "name a folder with a component.json, relative to this file"
        yield Problem((*place, "component"), f"{function.failure}; {advice}")
    elif function.entry:
        inputs = function.schema("in").get("properties")
        yield from forms.problems(step, function.entry, inputs if isinstance(inputs, dict) else (), place, environ)
        yield from _start_problems(step, function.entry, place)
    elif step.get("function"):
        hint = nearest(step["function"], function.entries)
        yield Problem((*place, "function"), f"the component has no trigger or action {step['function']!r}; {hint}")


def _credential_problems(
    function: _Function, shared: Data, place: Place, environ: Mapping[str, str]
) -> Iterator[Problem]:
    """Check the credentials of a step, or those of the file that it names."""
    given = function.step.get("credentials") or {}
    if isinstance(given, str):
        if given not in shared:
            yield Problem(place, f"the file has no credentials {given!r}; {nearest(given, shared)}")
            return
        place = ("credentials", given)
        given = shared[given] or {}
    else:
        yield from references.unset(given, environ, place)
    if function.entry:
        yield from forms.credential_problems(given, function.component, place, environ)


def _start_problems(step: Data, entry: Data, place: Place) -> Iterator[Problem]:
    is_trigger, is_webhook = entry["kind"] == "triggers", components.is_webhook(entry)
    if "schedule" in step and (not is_trigger or is_webhook):
        what = "a webhook trigger, which HTTP requests start" if is_webhook else "an action, which messages start"
        yield Problem((*place, "schedule"), f"{step['function']} is {what}; remove the schedule")
    if "webhook" in step and not is_webhook:
        yield Problem((*place, "webhook"), f"{step['function']} is not a webhook trigger; remove it")


def _id_problems(steps: Mapping[int, Data]) -> Iterator[Problem]:
    ids = _ids(steps)
    seen: set[str] = set()
    for index, step in steps.items():
        if step.get("id") in seen:
            yield Problem(("steps", index, "id"), f"another step has the ID {step['id']!r}; use unique IDs")
        seen.add(step.get("id", ""))
        answered_by = (step.get("webhook") or {}).get("answeredBy")
        if answered_by is not None and answered_by not in ids:
            hint = nearest(answered_by, ids)
            yield Problem(("steps", index, "webhook", "answeredBy"), f"there is no step {answered_by!r}; {hint}")


def _edge_problems(
    edges: Mapping[int, Data], steps: Mapping[int, Data], known: Mapping[int, _Function]
) -> Iterator[Problem]:
    functions = {step["id"]: known[at] for at, step in reversed(list(steps.items())) if step.get("id")}
    schemas = {step_id: function.schema("out") for step_id, function in functions.items()}
    paths = [(edge["from"], edge["to"]) for edge in edges.values() if edge.get("from") and edge.get("to")]
    for index, edge in edges.items():
        place: Place = ("edges", index)
        for end in ("from", "to"):
            if edge.get(end) is not None and edge[end] not in functions:
                yield Problem((*place, end), f"there is no step {edge[end]!r}; {nearest(edge[end], functions)}")
        target = functions.get(edge.get("to") or "")
        before = outputs.ancestors(edge["from"], paths) if edge.get("from") in functions else []
        for part in ("mapping", "condition"):
            yield from faults(edge.get(part), (*place, part))
            if before:
                yield from outputs.problems(edge.get(part), (*place, part), before, schemas)
        if target and target.entry:
            yield from inputs.problems(edge.get("mapping"), target.schema("in"), (*place, "mapping"))


def _ids(steps: Mapping[int, Data]) -> set[str]:
    return {step["id"] for step in steps.values() if step.get("id")}


def _numbered(data: Data, name: str) -> dict[int, Data]:
    """Return the well-formed entries of a list by their index."""
    entries: Sequence[Any] = data.get(name) or []
    return {index: entry for index, entry in enumerate(entries) if isinstance(entry, dict)}


def _is_whole(data: Data) -> bool:
    """Return whether the paths between the steps can be checked: all steps and edges have their names."""
    steps, edges = data.get("steps") or [], data.get("edges", []) or []
    return bool(
        steps
        and all(isinstance(step, dict) and step.get("id") and step.get("function") for step in steps)
        and all(isinstance(edge, dict) and edge.get("from") and edge.get("to") for edge in edges)
    )
