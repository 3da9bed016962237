"""What the controls act on: the sandbox, its faults, the requests that were made, and how it began."""

from collections import deque
from collections.abc import Callable
from typing import Any

from sandbox.api.callfire import Sandbox
from sandbox.web.faults import Faults
from sandbox.world.journal import Journal
from sandbox.world.state import World

REQUESTS_KEPT = 1000


class Control:
    """A sandbox with its controls. `begin` fills an empty world as it is in the beginning."""

    def __init__(self, world: World, begin: Callable[[World], None], journal: Journal | None = None) -> None:
        self.world = world
        self.faults = Faults()
        self.requests: deque[dict[str, Any]] = deque(maxlen=REQUESTS_KEPT)
        self._begin = begin
        self._journal = journal
        if journal is None or not journal.load(world):
            begin(world)
        self.sandbox = Sandbox(world, journal)
        self.sandbox.save()

    def save(self) -> None:
        """Make what has changed last."""
        self.sandbox.save()

    def reset(self) -> None:
        """Begin anew: state, faults, the list of requests."""
        self.world.clear()
        self._begin(self.world)
        self.faults.remove()
        self.requests.clear()
        self.replaced()

    def replaced(self) -> None:
        """The whole state is another one now."""
        if self._journal:
            self._journal.replace(self.world)

    def close(self) -> None:
        """Close the state file."""
        if self._journal:
            self._journal.close()
