"""Tasks that run later: a text finishes, a list is validated, a webhook delivery is repeated.

A task is a name and JSON arguments in a table, so a restarted sandbox continues with its pending tasks.
Tasks run in the order they fall due. Each task sees its own due time, even if it runs late.
"""

import heapq
from collections.abc import Callable
from typing import Any, TypeAlias

from callfire_sandbox.world.clock import Clock
from callfire_sandbox.world.table import Table

Task: TypeAlias = Callable[..., None]
TASKS: dict[str, Task] = {}


def task(handler: Task) -> Task:
    """Register a function as a task. The function gets the world and the arguments it was scheduled with."""
    TASKS[handler.__name__] = handler
    return handler


class Scheduler:
    """Pending tasks in the order they fall due."""

    def __init__(self, clock: Clock, table: Table) -> None:
        self._clock = clock
        self._table = table
        self._heap: list[tuple[int, int]] = []

    def later(self, delay: int, handler: Task, **arguments: Any) -> None:
        """Schedule a task; `delay` is in milliseconds."""
        due = self._clock.now() + delay
        record = self._table.add({"due": due, "task": handler.__name__, "arguments": arguments})
        heapq.heappush(self._heap, (due, record["id"]))

    def resume(self) -> None:
        """Schedule the tasks of a table that was loaded."""
        self._heap = [(record["due"], record["id"]) for record in self._table]
        heapq.heapify(self._heap)

    def next_due(self) -> int | None:
        """Return when the next task is due, or None if no task is pending."""
        return self._heap[0][0] if self._heap else None

    def run_due(self, world: object) -> int:
        """Run every task that is due, including tasks that these tasks schedule. Return the number of tasks."""
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
