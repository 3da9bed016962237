"""Evaluates edges in a separate process with a time limit.

A regular expression can take years for a short text, and Python cannot interrupt it from another thread. Expressions
therefore run in a child process. If the child does not respond in time, it is killed, and the next message gets a new
one.
"""

import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from elasticio_runner.mapping.edge import Carried, Edge
from elasticio_runner.mapping.expression import MappingError

LIMIT = 10.0  # seconds for one message on one edge
_GRACE = 2.0  # seconds in which the child should report the timeout itself


class Evaluator:
    """Evaluates the edges of one flow. Threads may share it; they wait for each other."""

    def __init__(self, edges: Sequence[Edge], variables: Mapping[str, Any], limit: float = LIMIT) -> None:
        self._edges = [edge for edge in edges if edge.has_expressions]
        self._variables = dict(variables)
        self._limit = limit
        self._turn = threading.Lock()
        self._state = threading.Lock()  # guards the child against `close`
        self._child: _Child | None = None
        self._is_closed = False

    def start(self) -> None:
        """Start the process if any edge needs it. Returns at once."""
        if self._edges:
            self._running()

    def carry(self, edge: Edge, message: Mapping[str, Any]) -> Carried:
        """Evaluate an edge for a message; raises MappingError."""
        if not edge.has_expressions:
            return Carried(dict(message))
        with self._turn:
            carried = self._ask(self._edges.index(edge), message)
        if carried.message is None:
            return carried
        return Carried({**message, **carried.message}, carried.warning)

    def _ask(self, index: int, message: Mapping[str, Any]) -> Carried:
        try:
            child = self._running()
            return child.ask(index, message, self._limit + _GRACE)
        except (EOFError, ConnectionError):
            self._discard()
            reason = "the run ends" if self._is_closed else "the process that evaluates mappings has ended"
            raise MappingError(f"the mapping was not evaluated: {reason}.") from None
        except TimeoutError:
            self._discard()
            raise MappingError("the mapping takes too long. Simplify its expressions.") from None
        except (ValueError, TypeError, RecursionError) as error:  # nothing was sent
            raise MappingError(f"the message cannot be mapped ({type(error).__name__}).") from None

    def close(self) -> None:
        """End the process. An evaluation in progress fails."""
        with self._state:
            self._is_closed = True
            child, self._child = self._child, None
        if child:
            child.kill()

    def _running(self) -> "_Child":
        with self._state:
            if self._is_closed:
                raise MappingError("the mapping was not evaluated: the run ends.")
            if self._child is None:
                self._child = _Child(self._edges, self._variables, self._limit)
            return self._child

    def _discard(self) -> None:
        with self._state:
            child, self._child = self._child, None
        if child:
            child.kill()


class _Child:
    """The process, and the connection to it."""

    def __init__(self, edges: Sequence[Edge], variables: Mapping[str, Any], limit: float) -> None:
        self._connection, child_end = multiprocessing.Pipe()
        command = [sys.executable, "-m", "elasticio_runner.mapping.evaluator_process", str(child_end.fileno())]
        self._process = subprocess.Popen(  # noqa: S603 (a program of this distribution)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(child_end.fileno(),),
            process_group=0,  # Ctrl-C must reach only the runner
        )
        child_end.close()
        self._connection.send((list(edges), dict(variables), limit))

    def ask(self, index: int, message: Mapping[str, Any], patience: float) -> Carried:
        """Return the changes of the message, {} for none. Raises MappingError.

        Raises TimeoutError, EOFError or ConnectionError if the process does not respond.
        """
        self._connection.send((index, dict(message)))
        if not self._connection.poll(patience):
            raise TimeoutError
        answer: Carried | MappingError = self._connection.recv()
        if isinstance(answer, MappingError):
            raise answer
        return answer

    def kill(self) -> None:
        """Kill the process. An `ask` in another thread raises EOFError."""
        self._process.kill()
        self._process.wait()
