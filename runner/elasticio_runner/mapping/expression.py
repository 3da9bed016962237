"""One JSONata expression, evaluated like on the platform, which uses JavaScript.

Error texts name the place and the reason, never a value of the message. The library's own errors contain values, so
they are not chained.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from elasticio import ElasticioError
from jsonata import JException, Jsonata
from jsonata.timebox import Timebox

from elasticio_runner.flow_file.locations import Place, spell
from elasticio_runner.mapping.other_notations import advice

MISSING = object()  # the result of an expression that yields nothing
_LONGEST = 10_000  # maximum milliseconds for one expression
_DEEPEST = 200  # maximum depth of nested calls
# JSONata distinguishes "nothing" from null, but its results in Python do not. In an object, "nothing" has no key.
_WRAPPER = '{"value": (%s\n)}'
_CODE = re.compile(r"[A-Z]\d{4}")  # the number of an error of JSONata
_WRONG_VALUE = "A function or an operator has probably received a value that it cannot use, e.g. $number a word."
_OFFSET = _WRAPPER.index("%")


class MappingError(ElasticioError):
    """An expression is not valid JSONata, or cannot be evaluated for this message."""


class EvaluationTimeoutError(BaseException):
    """The evaluation exceeded its time limit. A BaseException, so that no handler in the library catches it."""


class Expression:
    """A compiled expression. Raises MappingError if `source` is not valid JSONata."""

    def __init__(self, source: str, place: Place) -> None:
        self._source = source
        self._place = place
        try:
            Jsonata(source)  # without the wrapper: an unbalanced expression could end it
            self._compiled = _JavaScriptJsonata(_WRAPPER % source)
        except JException as error:
            where = f" at character {error.location}" if error.location > 0 else ""
            raise MappingError(f"JSONata {error.error}{where}: {error}{advice(source)}") from None
        except Exception as error:  # noqa: BLE001 (the library may raise any Python error)
            raise MappingError(f"not a valid JSONata expression ({type(error).__name__}){advice(source)}") from None

    def __reduce__(self) -> tuple[type["Expression"], tuple[str, Place]]:
        """Pickle the source: compiled expressions cannot be pickled."""
        return Expression, (self._source, self._place)

    def __call__(self, message: Mapping[str, Any], variables: Mapping[str, Any], now: int | None = None) -> Any:
        """Return the result of the expression for a message, MISSING if there is none; raises MappingError.

        `now` is the time of $now() and $millis(), in milliseconds since 1970. Default: the time of the call.
        """
        frame = self._compiled.create_frame()
        frame.set_runtime_bounds(_LONGEST, _DEEPEST)
        frame.bind("variables", variables)
        # $now() and $millis() use the time of this object. The library sets it to that of the last compiled expression.
        Jsonata.CURRENT.jsonata = self._compiled
        self._compiled.now = now
        try:
            return self._compiled.evaluate(message, frame).get("value", MISSING)
        except JException as error:
            raise MappingError(f"{spell(self._place)}: {_reason(error)}") from None
        except EvaluationTimeoutError:
            raise MappingError(f"{spell(self._place)}: takes too long. Simplify the expression.") from None
        except Exception as error:  # noqa: BLE001 (as above)
            text = f"cannot be evaluated for this message ({type(error).__name__}). {_WRONG_VALUE}"
            raise MappingError(f"{spell(self._place)}: {text}") from None


def current_time() -> int:
    """Return the time of the library's clock, in milliseconds since 1970."""
    return int(Timebox.current_milli_time())


def syntax_tree(source: str) -> Any:
    """Return the syntax tree of an expression, with the library's nodes; raises MappingError."""
    Expression(source, ())
    return Jsonata(source).ast


class _JavaScriptJsonata(Jsonata):  # type: ignore[misc]  # the library has no types
    """Computes the remainder of fractions like JavaScript: 7.75 % 2 is 1.75. Several expressions can share one time."""

    now: int | None = None

    @property
    def timestamp(self) -> int:
        """The time of $now() and $millis(): `now`, or the time of the evaluation, which the library sets."""
        return self._evaluated_at if self.now is None else self.now

    @timestamp.setter
    def timestamp(self, value: int) -> None:
        self._evaluated_at = value

    def evaluate_numeric_expression(self, lhs: Any, rhs: Any, op: str) -> Any:
        """Return the result of an arithmetic operator."""
        result = super().evaluate_numeric_expression(lhs, rhs, op)
        if op != "%" or result is None:
            return result
        remainder = math.fmod(lhs, rhs)
        return int(remainder) if remainder.is_integer() else remainder


def _reason(error: JException) -> str:
    """Return the library's error text without values of the message."""
    where = f" at character {error.location - _OFFSET}" if error.location > _OFFSET else ""
    if not _CODE.fullmatch(str(error.error)):  # not an error of JSONata, but of the library's own code
        return f"cannot be evaluated for this message{where}. {_WRONG_VALUE}"
    text = JException.msg(error.error, error.location, "…", "…")
    return f"JSONata {error.error}{where}: {text}"
