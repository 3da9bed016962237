"""What a schema cannot say of a flow file: that its steps, functions, fields and ways fit together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elasticio.errors import ComponentError

from elasticio_runner.flow_file import components, references
from elasticio_runner.flow_file.locations import Place
from elasticio_runner.flow_file.problems import Problem, nearest
from elasticio_runner.mapping import edge as mapping

Data = Mapping[str, Any]


def problems(data: Data, folder: Path, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is wrong with a flow whose structure is right."""
    yield from references.unset(data.get("variables", {}), environ, ("variables",))
    for index, step in enumerate(data["steps"]):
        yield from _step_problems(step, ("steps", index), folder, environ)
    if found := [*_id_problems(data["steps"]), *_edge_problems(data)]:
        yield from found
    else:
        yield from _graph_problems(data, folder)


def _step_problems(step: Data, place: Place, folder: Path, environ: Mapping[str, str]) -> Iterator[Problem]:
    for part in ("config", "credentials"):
        yield from references.unset(step.get(part, {}), environ, (*place, part))
    try:
        component = components.descriptor(components.root(step, folder))
    except ComponentError as error:
        yield Problem((*place, "component"), f"{error}; name a folder with a component.json, relative to this file")
        return
    functions = components.entries(component)
    entry = functions.get(step["function"])
    if entry is None:
        hint = nearest(step["function"], functions)
        yield Problem((*place, "function"), f"the component has no trigger or action {step['function']!r}; {hint}")
        return
    yield from _credential_problems(step, component, place)
    yield from _config_problems(step, entry, place)
    yield from _kind_problems(step, entry, place)


def _credential_problems(step: Data, component: Data, place: Place) -> Iterator[Problem]:
    given, fields = step.get("credentials", {}), component.get("credentials", {}).get("fields", {})
    yield from _unknown(given, fields, (*place, "credentials"), "the component's credentials have no such field")
    for name, field in fields.items():
        if field.get("required") and name not in given:
            mend = f'add it, e.g. "{name}": "${{{name.upper()}}}"'
            yield Problem((*place, "credentials"), f'"{name}" ({field.get("label", name)}) is missing; {mend}')
        elif (
            field.get("viewClass") == "PasswordFieldView"
            and name in given
            and not references.has_reference(given[name])
        ):
            mend = f'write "${{{name.upper()}}}" and set that environment variable'
            yield Problem((*place, "credentials", name), f"a secret must not stand in the file; {mend}")


def _config_problems(step: Data, entry: Data, place: Place) -> Iterator[Problem]:
    given, fields = step.get("config", {}), entry.get("fields", {})
    yield from _unknown(given, fields, (*place, "config"), f"{step['function']} has no such field")
    for name, field in fields.items():
        if field.get("required") and name not in given:
            yield Problem((*place, "config"), f'"{name}" ({field.get("label", name)}) is missing; add it')


def _unknown(given: Data, fields: Data, place: Place, what: str) -> Iterator[Problem]:
    """A field that the form does not have would be ignored without a word. Without a form, anything goes."""
    for name in given.keys() - fields.keys() if fields else ():
        yield Problem((*place, name), f"{what}; {nearest(name, fields)}")


def _kind_problems(step: Data, entry: Data, place: Place) -> Iterator[Problem]:
    is_trigger, is_webhook = entry["kind"] == "triggers", components.is_webhook(entry)
    if "schedule" in step and (not is_trigger or is_webhook):
        what = "a webhook trigger, which requests start" if is_webhook else "an action, which messages start"
        yield Problem((*place, "schedule"), f"{step['function']} is {what}; remove the schedule")
    if "webhook" in step and not is_webhook:
        yield Problem((*place, "webhook"), f"{step['function']} is no webhook trigger; remove it")


def _id_problems(steps: Sequence[Data]) -> Iterator[Problem]:
    ids = {step["id"] for step in steps}
    seen: set[str] = set()
    for index, step in enumerate(steps):
        if step["id"] in seen:
            yield Problem(("steps", index, "id"), f"there is a step {step['id']!r} already; give each its own id")
        seen.add(step["id"])
        answered_by = step.get("webhook", {}).get("answeredBy")
        if answered_by is not None and answered_by not in ids:
            hint = nearest(answered_by, ids)
            yield Problem(("steps", index, "webhook", "answeredBy"), f"there is no step {answered_by!r}; {hint}")


def _edge_problems(data: Data) -> Iterator[Problem]:
    ids = {step["id"] for step in data["steps"]}
    for index, edge in enumerate(data.get("edges", [])):
        place = ("edges", index)
        for end in ("from", "to"):
            if edge[end] not in ids:
                yield Problem((*place, end), f"there is no step {edge[end]!r}; {nearest(edge[end], ids)}")
        for part in ("mapping", "condition"):
            yield from mapping.faults(edge.get(part), (*place, part))


@dataclass(frozen=True)
class _Graph:
    ids: Sequence[str]
    ways: Sequence[tuple[str, str]]

    @property
    def starts(self) -> list[str]:
        return [step for step in self.ids if all(target != step for _, target in self.ways)]

    def next_to(self, step: str) -> list[str]:
        return [target for source, target in self.ways if source == step]

    def circle(self) -> list[str] | None:
        """Find steps that lead back to themselves."""
        done: set[str] = set()

        def walk(path: list[str]) -> list[str] | None:
            if path[-1] in path[:-1]:
                return path[path.index(path[-1]) :]
            if path[-1] in done:
                return None
            for target in self.next_to(path[-1]):
                if found := walk([*path, target]):
                    return found
            done.add(path[-1])
            return None

        return next((found for step in self.ids if (found := walk([step]))), None)


def _graph_problems(data: Data, folder: Path) -> Iterator[Problem]:
    steps = data["steps"]
    graph = _Graph([step["id"] for step in steps], [(edge["from"], edge["to"]) for edge in data.get("edges", [])])
    if circle := graph.circle():
        yield Problem(("edges",), f"messages would go round for ever: {' → '.join(circle)}; remove one of these edges")
        return
    if len(graph.starts) > 1:
        names = ", ".join(graph.starts)
        yield Problem(("steps",), f"a flow has one trigger, but nothing leads to any of: {names}; add the edges")
        return
    is_trigger = _triggers(steps, folder)
    for index, step in enumerate(steps):
        starts = step["id"] in graph.starts
        if starts != is_trigger(step):
            what = "is an action; a flow starts with a trigger" if starts else "is a trigger, and edges lead to it"
            yield Problem(("steps", index, "function"), f"{step['function']} {what}")


def _triggers(steps: Sequence[Data], folder: Path) -> Callable[[Data], bool]:
    """Tell of each step whether it is a trigger; those whose component cannot be read have been told of before."""

    def is_trigger(step: Data) -> bool:
        try:
            entry = components.entries(components.descriptor(components.root(step, folder))).get(step["function"])
        except ComponentError:
            entry = None
        return entry["kind"] == "triggers" if entry else step is steps[0]

    return is_trigger
