"""The process that evaluates mappings: `python -m elasticio_runner.mapping.evaluator_process CONNECTION`

Receives the edges, the variables and the time limit, then one message at a time. Returns a `Carried` or a MappingError
for each message. Ends with the runner, whose end closes the connection.
"""

import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from elasticio import MessageError
from elasticio.wire.json import from_json, to_json

from elasticio_runner.mapping.edge import Carried, Edge
from elasticio_runner.mapping.expression import EvaluationTimeoutError, MappingError

_MEMORY = 2 * 1024**3  # bytes: an expression can allocate any amount


def main(connection: Connection) -> None:
    """Evaluate messages until the runner ends."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, most))
    signal.signal(signal.SIGALRM, _interrupt)
    with suppress(EOFError, ConnectionError):
        edges, variables, limit = connection.recv()
        while True:
            connection.send(_answer(connection.recv(), edges, variables, limit))


def _answer(
    question: tuple[int, Mapping[str, Any]], edges: Sequence[Edge], variables: Mapping[str, Any], limit: float
) -> Carried | MappingError:
    index, message = question
    try:
        signal.setitimer(signal.ITIMER_REAL, limit)
        try:
            carried = edges[index].evaluate(message, variables)
            return Carried(_changes(edges[index], carried.message), carried.warning)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except MappingError as error:
        return error
    except MessageError as error:
        return MappingError(f"the result of the mapping {error}")
    except EvaluationTimeoutError:
        return MappingError("the mapping takes too long. Simplify its expressions.")
    except (MemoryError, RecursionError) as error:
        return MappingError(f"the mapping cannot be evaluated ({type(error).__name__}).")


def _changes(edge: Edge, message: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the changes of the edge. The library's own classes become plain lists and objects.

    Raises MessageError if JSON cannot represent the body.
    """
    if message is None:
        return None
    return {} if edge.mapping is None else {"body": from_json(to_json(message["body"]))}


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise EvaluationTimeoutError


if __name__ == "__main__":
    main(Connection(int(sys.argv[1])))
