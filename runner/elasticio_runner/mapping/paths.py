"""The paths of an expression that start at the message, such as ("passthrough", "inbound", "body").

Only paths whose context is certainly the message are found. Predicates, the later steps of a path and the bodies of
functions have another context; variables are unknown.
"""

from collections.abc import Iterator
from typing import Any

from elasticio import ElasticioError

from elasticio_runner.mapping.expression import syntax_tree

# The bodies of functions are no such parts: their context is unknown.
_PARTS = (
    "lhs",
    "rhs",
    "lhs_object",
    "rhs_object",
    "expressions",
    "arguments",
    "condition",
    "then",
    "_else",
    "expression",
)
_DEEPEST = 200  # levels; the rest of an expression is not examined


def message_paths(source: str) -> list[tuple[str, ...]]:
    """Return the paths in an expression; none if it is not valid JSONata."""
    try:
        tree = syntax_tree(source)
    except ElasticioError:
        return []
    return list(dict.fromkeys(_paths(tree, 0)))


def _paths(node: Any, depth: int) -> Iterator[tuple[str, ...]]:
    kind = getattr(node, "type", None)
    if depth > _DEEPEST:
        return
    if kind == "path":
        yield from _path(node.steps, depth)
    elif kind == "bind":
        yield from _paths(node.rhs, depth + 1)
    else:
        for name in _PARTS:
            yield from _part(getattr(node, name, None), depth)


def _part(part: Any, depth: int) -> Iterator[tuple[str, ...]]:
    if isinstance(part, list | tuple):
        for each in part:
            yield from _part(each, depth + 1)
    elif hasattr(part, "type"):
        yield from _paths(part, depth + 1)


def _path(steps: list[Any], depth: int) -> Iterator[tuple[str, ...]]:
    """Yield the names at the beginning of a path; "$" stands for the message there."""
    first = steps[0]
    if first.type == "variable" and first.value in ("", "$"):
        steps = steps[1:]
    elif first.type != "name":
        yield from _paths(first, depth + 1)
        return
    names = []
    for step in steps:
        if step.type != "name":
            break
        names.append(str(step.value))
    if names:
        yield tuple(names)
