"""What happens later by itself: a text finishes, a list is validated, a delivery is repeated.

A task is a name and arguments that fit in JSON, kept in a table, so that a restarted sandbox goes on where it was.
Tasks are carried out in the order they fall due, each at its own moment, however late anybody looks.
"""

import heapq
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from sandbox.world.clock import Clock
from sandbox.world.store import Table

if TYPE_CHECKING:
    from sandbox.world.state import World

Task: TypeAlias = Callable[..., None]
TASKS: dict[str, Task] = {}


def task(handler: Task) -> Task:
    """Declare the function below as a task: it takes the world and the arguments it was scheduled with."""
    TASKS[handler.__name__] = handler
    return handler


class Scheduler:
    """Tasks by the moment they are due."""

    def __init__(self, clock: Clock, table: Table) -> None:
        self._clock = clock
        self._table = table
        self._heap: list[tuple[int, int]] = []

    def later(self, delay: int, handler: Task, **arguments: Any) -> None:
        """Carry out a task that many milliseconds from now."""
        due = self._clock.now() + delay
        record = self._table.add({"due": due, "task": handler.__name__, "arguments": arguments})
        heapq.heappush(self._heap, (due, record["id"]))

    def resume(self) -> None:
        """Take up the tasks of a table that was loaded."""
        self._heap = [(record["due"], record["id"]) for record in self._table]
        heapq.heapify(self._heap)

    def next_due(self) -> int | None:
        """When the next task is due."""
        return self._heap[0][0] if self._heap else None

    def run_due(self, world: "World") -> int:
        """Carry out everything that is due, what it schedules included; returns how many tasks that were."""
        count, until = 0, self._clock.now()
        while self._heap and self._heap[0][0] <= until:
            due, number = heapq.heappop(self._heap)
            record = self._table.get(number)
            if record is None:
                continue
            self._table.remove(record)
            with self._clock.at(due):
                TASKS[record["task"]](world, **record["arguments"])
            count += 1
        return count
