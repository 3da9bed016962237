"""Warns of what sends a message twice without an error: equal edges, and a start without a schedule."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from elasticio_runner.flow_file import components
from elasticio_runner.flow_file.problems import Problem


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the warnings for the well-formed parts of a flow."""
    steps, edges = data.get("steps") or [], data.get("edges") or []
    yield from _equal_edges(edges)
    for index, step in enumerate(steps):
        if isinstance(step, dict) and _is_start(step) and not step.get("schedule"):
            text = 'start emits its config every 60 s; write "schedule": {"runs": 1} to emit it once'
            yield Problem(("steps", index), text, is_warning=True)


def _equal_edges(edges: list[Any]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, edge in enumerate(edges):
        if not isinstance(edge, dict) or not edge.get("from") or not edge.get("to"):
            continue
        before = first.setdefault(json.dumps(edge, sort_keys=True), index)
        if before != index:
            text = f"equals edges[{before}], so {edge['to']!r} receives each message twice; remove one of them"
            yield Problem(("edges", index), text, is_warning=True)


def _is_start(step: Mapping[str, Any]) -> bool:
    return step.get("function") == "start" and components.root(step, Path()) == components.BUILTIN
