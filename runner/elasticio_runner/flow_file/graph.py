"""Checks the paths through a flow: all start at one trigger, and none is a cycle."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from elasticio_runner.flow_file.problems import Problem

Data = Mapping[str, Any]


def problems(steps: Sequence[Data], edges: Sequence[Data], kinds: Mapping[int, str | None]) -> Iterator[Problem]:
    """Yield the mistakes in the edges. `kinds` contains triggers or actions, None for an unknown function."""
    paths = [(edge["from"], edge["to"]) for edge in edges]
    if cycle := _cycle([step["id"] for step in steps], paths):
        text = f"the edges form a cycle: {' → '.join(cycle)}; remove one of these edges"
        yield Problem(("edges",), text)
        return
    targets = {target for _, target in paths}
    starts = [step["id"] for step in steps if step["id"] not in targets]
    if len(starts) > 1:
        text = f"a flow has one trigger, but no edge leads to any of: {', '.join(starts)}; add the edges"
        yield Problem(("steps",), text)
    for index, step in enumerate(steps):
        is_start, kind = step["id"] in starts, kinds.get(index)
        if kind is not None and is_start != (kind == "triggers"):
            what = "is an action; a flow starts with a trigger" if is_start else "is a trigger, and edges lead to it"
            yield Problem(("steps", index, "function"), f"{step['function']} {what}")


def _cycle(ids: Sequence[str], paths: Sequence[tuple[str, str]]) -> list[str] | None:
    """Return the IDs of the steps of a cycle, the first one also at the end; None without a cycle."""
    before: dict[str, list[str]] = {each: [] for each in ids}
    after: dict[str, list[str]] = {each: [] for each in ids}
    for source, target in paths:
        before[target].append(source)
        after[source].append(target)
    missing = {each: len(sources) for each, sources in before.items()}
    free = [each for each in ids if not missing[each]]
    for each in free:  # the loop extends the list: a step that only free steps reach is free, too
        for target in after[each]:
            missing[target] -= 1
            if not missing[target]:
                free.append(target)
    left = set(ids) - set(free)
    if not left:
        return None
    path = [next(each for each in ids if each in left)]
    while path[-1] not in path[:-1]:
        path.append(next(source for source in before[path[-1]] if source in left))
    return path[path.index(path[-1]) :][::-1]
