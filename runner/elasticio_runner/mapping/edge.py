"""What happens to a message on its way between two steps: JSONata, evaluated against the message.

An expression sees `body`, `headers`, `attachments` and `passthrough` of the message, and the flow's variables as
`$variables`. Error texts name the place and the reason, never a value of the message; this is why the library's
errors, which do show values, are not chained.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from elasticio.errors import ElasticioError
from jsonata import JException, Jsonata

from elasticio_runner.flow_file.locations import Place, spell
from elasticio_runner.flow_file.problems import Problem

_LONGEST = 10_000  # milliseconds that an expression may take
_DEEPEST = 200  # calls within calls
_MISSING = object()
# JSONata tells "nothing" from null, its Python results do not; inside an object they differ: nothing has no key.
_WRAPPER = '{"value": (%s\n)}'
_OFFSET = _WRAPPER.index("%")


class MappingError(ElasticioError):
    """An expression cannot be evaluated for this message."""


class Expression:
    """One JSONata expression. Raises MappingError when it is made of something that is no JSONata."""

    def __init__(self, source: str, place: Place) -> None:
        self._place = place
        try:
            Jsonata(source)  # as it stands, so that nothing can break out of the wrapper
            self._compiled = Jsonata(_WRAPPER % source)
        except JException as error:
            where = f" at character {error.location}" if error.location > 0 else ""
            raise MappingError(f"JSONata {error.error}{where}: {error}") from None
        except Exception as error:  # noqa: BLE001 (see below)
            raise MappingError(f"this is no JSONata expression ({type(error).__name__})") from None

    def __call__(self, message: Mapping[str, Any], variables: Mapping[str, Any]) -> Any:
        """Return what it yields for a message; _MISSING where it yields nothing."""
        frame = self._compiled.create_frame()
        frame.set_runtime_bounds(_LONGEST, _DEEPEST)
        frame.bind("variables", variables)
        try:
            return self._compiled.evaluate(message, frame).get("value", _MISSING)
        except JException as error:
            raise MappingError(f"{spell(self._place)}: {_reason(error)}") from None
        except Exception as error:  # noqa: BLE001 (the library lets any of Python's errors escape)
            raise MappingError(f"{spell(self._place)}: cannot be evaluated ({type(error).__name__})") from None


@dataclass(frozen=True)
class Edge:
    """A way from one step to another."""

    source: str
    target: str
    mapping: Any = None  # JSON whose texts have become expressions
    condition: Expression | None = None

    def carry(self, message: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the message as the next step gets it, None where the condition does not hold.

        Raises MappingError.
        """
        if self.condition and self.condition(message, variables) is not True:
            return None
        if self.mapping is None:
            return dict(message)
        body = _evaluate(self.mapping, message, variables)
        if body is _MISSING:
            raise MappingError("the mapping yields nothing for this message; the next step would get no body")
        return {**message, "body": body}


def compiled(source: Any, place: Place) -> Any:
    """Turn every text in a mapping into an expression; raises MappingError."""
    if isinstance(source, str):
        return Expression(source, place)
    if isinstance(source, dict):
        return {name: compiled(item, (*place, name)) for name, item in source.items()}
    return (
        [compiled(item, (*place, index)) for index, item in enumerate(source)] if isinstance(source, list) else source
    )


def faults(source: Any, place: Place) -> Iterator[Problem]:
    """Yield a problem for each text in a mapping that is no JSONata."""
    if isinstance(source, str):
        try:
            Expression(source, place)
        except MappingError as error:
            yield Problem(place, str(error))
    elif isinstance(source, dict | list):
        for key, item in source.items() if isinstance(source, dict) else enumerate(source):
            yield from faults(item, (*place, key))


def _evaluate(mapping: Any, message: Mapping[str, Any], variables: Mapping[str, Any]) -> Any:
    """Fill in a mapping. As in JSONata's own objects and arrays, what yields nothing is left out."""
    if isinstance(mapping, Expression):
        return mapping(message, variables)
    if isinstance(mapping, dict):
        members = {name: _evaluate(item, message, variables) for name, item in mapping.items()}
        return {name: value for name, value in members.items() if value is not _MISSING}
    if isinstance(mapping, list):
        items = [_evaluate(item, message, variables) for item in mapping]
        return [item for item in items if item is not _MISSING]
    return mapping


def _reason(error: JException) -> str:
    """Say what the library says, without the values of the message that it puts into its texts."""
    text = JException.msg(error.error, error.location, "…", "…")
    where = f" at character {error.location - _OFFSET}" if error.location > _OFFSET else ""
    return f"JSONata {error.error}{where}: {text}"
