"""Checks the names after $ in expressions: the variables of the flow, and the functions of JSONata.

An unknown name yields nothing, so a text would be sent with a gap. All findings are warnings, because the platform's
JSONata may have functions that this one lacks.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from elasticio_runner.flow_file.locations import Place, texts
from elasticio_runner.flow_file.problems import Problem, nearest
from elasticio_runner.mapping.names import FUNCTIONS, variable_names


def problems(edges: Any, variables: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a warning for each unknown name in the mappings and conditions of all edges."""
    for index, edge in enumerate(edges if isinstance(edges, list) else ()):
        if isinstance(edge, dict):
            for part in ("mapping", "condition"):
                for place, expression in texts(edge.get(part), ("edges", index, part)):
                    if "$" in expression:
                        yield from _problems(expression, place, variables)


def _problems(expression: str, place: Place, variables: Mapping[str, Any]) -> Iterator[Problem]:
    names = variable_names(expression)
    for name in names.called:
        hint = nearest(name, FUNCTIONS) if name not in variables else _PREFIX.format(name)
        yield Problem(place, f"there is no function ${name}; {_function_hint(hint)}", is_warning=True)
    for name in names.read:
        hint = _PREFIX.format(name) if name in variables else "the variables of the flow are in $variables"
        yield Problem(place, f"there is no variable ${name}; {hint}", is_warning=True)
    for name in names.of_flow:
        if name not in variables:
            text = f"the flow has no variable {name!r}; {nearest(name, variables)}"
            yield Problem(place, text, is_warning=True)


_PREFIX = "write $variables.{}"


def _function_hint(hint: str) -> str:
    return "see docs.jsonata.org for all functions" if hint.startswith("available: ") else hint
