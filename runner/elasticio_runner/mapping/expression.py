"""One JSONata expression, evaluated as the platform evaluates it in JavaScript.

Error texts name the place and the reason, never a value of the message. The library's own errors do show values, so
they are not chained.
"""

import math
from collections.abc import Mapping
from typing import Any

from elasticio import ElasticioError
from jsonata import JException, Jsonata

from elasticio_runner.flow_file.locations import Place, spell

MISSING = object()  # what an expression yields that has no result
_LONGEST = 10_000  # milliseconds that an expression may take
_DEEPEST = 200  # calls within calls
# JSONata tells "nothing" from null, its results in Python do not. Inside an object they differ: nothing has no key.
_WRAPPER = '{"value": (%s\n)}'
_OFFSET = _WRAPPER.index("%")


class MappingError(ElasticioError):
    """An expression is not valid JSONata, or cannot be evaluated for this message."""


class EvaluationTimeoutError(BaseException):
    """The time for an evaluation is over. Not an Exception, so that no handler in the library catches it."""


class Expression:
    """A compiled expression. Raises MappingError if `source` is not valid JSONata."""

    def __init__(self, source: str, place: Place) -> None:
        self._source = source
        self._place = place
        try:
            Jsonata(source)  # without the wrapper, which an unbalanced expression could break out of
            self._compiled = _JavaScriptJsonata(_WRAPPER % source)
        except JException as error:
            where = f" at character {error.location}" if error.location > 0 else ""
            raise MappingError(f"JSONata {error.error}{where}: {error}") from None
        except Exception as error:  # noqa: BLE001 (the library lets any of Python's errors escape)
            raise MappingError(f"this is no JSONata expression ({type(error).__name__})") from None

    def __reduce__(self) -> tuple[type["Expression"], tuple[str, Place]]:
        """Pickle the source: compiled expressions cannot be pickled."""
        return Expression, (self._source, self._place)

    def __call__(self, message: Mapping[str, Any], variables: Mapping[str, Any]) -> Any:
        """Return what the expression yields for a message, MISSING if it yields nothing; raises MappingError."""
        frame = self._compiled.create_frame()
        frame.set_runtime_bounds(_LONGEST, _DEEPEST)
        frame.bind("variables", variables)
        # $now() and $millis() read the time of this object, which the library sets to the last one that was compiled.
        Jsonata.CURRENT.jsonata = self._compiled
        try:
            return self._compiled.evaluate(message, frame).get("value", MISSING)
        except JException as error:
            raise MappingError(f"{spell(self._place)}: {_reason(error)}") from None
        except EvaluationTimeoutError:
            raise MappingError(f"{spell(self._place)}: takes too long. Simplify the expression.") from None
        except Exception as error:  # noqa: BLE001 (as above)
            raise MappingError(f"{spell(self._place)}: cannot be evaluated ({type(error).__name__})") from None


class _JavaScriptJsonata(Jsonata):  # type: ignore[misc]  # the library has no types
    """Computes the remainder of fractions as JavaScript does: 7.75 % 2 is 1.75."""

    def evaluate_numeric_expression(self, lhs: Any, rhs: Any, op: str) -> Any:
        """Evaluate an arithmetic operator."""
        result = super().evaluate_numeric_expression(lhs, rhs, op)
        if op != "%" or result is None:
            return result
        remainder = math.fmod(lhs, rhs)
        return int(remainder) if remainder.is_integer() else remainder


def _reason(error: JException) -> str:
    """Return the library's text without the values of the message that it contains."""
    text = JException.msg(error.error, error.location, "…", "…")
    where = f" at character {error.location - _OFFSET}" if error.location > _OFFSET else ""
    return f"JSONata {error.error}{where}: {text}"
