"""The names after $ in an expression that the expression itself does not define."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from elasticio import ElasticioError
from jsonata import Jsonata

from elasticio_runner.mapping.expression import syntax_tree

Jsonata("0")  # the library creates its functions with the first expression
FUNCTIONS = frozenset(Jsonata.static_frame.bindings)
_CONTEXTS = ("", "$", "variables")  # $ is the context, $$ the message


@dataclass(frozen=True)
class VariableNames:
    """Names without $: of unknown functions that are called, of other unknown variables, and below $variables."""

    called: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    of_flow: tuple[str, ...] = ()


def variable_names(source: str) -> VariableNames:
    """Return the names in an expression; none if it is not valid JSONata."""
    try:
        nodes = list(_nodes(syntax_tree(source)))
    except ElasticioError:
        return VariableNames()
    known = {*_CONTEXTS, *FUNCTIONS, *_defined(nodes)}
    called = [node.procedure.value for node in nodes if _is_call(node)]
    read = [node.value for node in nodes if node.type == "variable"]
    paths = [node.steps for node in nodes if node.type == "path" and len(node.steps) > 1]
    return VariableNames(
        called=tuple(dict.fromkeys(name for name in called if name not in known)),
        read=tuple(dict.fromkeys(name for name in read if name not in known and name not in called)),
        of_flow=tuple(dict.fromkeys(second.value for first, second, *_ in paths if _is_of_flow(first, second))),
    )


def _nodes(tree: Any) -> Iterator[Any]:
    """Yield all nodes of a syntax tree."""
    waiting, seen = [tree], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, list | tuple):
            waiting.extend(part)
        elif hasattr(part, "type") and id(part) not in seen:
            seen.add(id(part))
            yield part
            waiting.extend(vars(part).values())


def _defined(nodes: list[Any]) -> Iterator[str]:
    """Yield the names that an expression defines: $x := …, parameters of functions, items@$x and items#$x."""
    for node in nodes:
        if node.type == "bind":
            yield node.lhs.value
        elif node.type == "lambda":
            yield from (argument.value for argument in node.arguments)
        yield from (name for name in (getattr(node, "focus", None), getattr(node, "index", None)) if name)


def _is_call(node: Any) -> bool:
    return bool(node.type in ("function", "partial") and node.procedure.type == "variable")


def _is_of_flow(first: Any, second: Any) -> bool:
    return bool(first.type == "variable" and first.value == "variables" and second.type == "name")
