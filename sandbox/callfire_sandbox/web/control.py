"""One account of the running sandbox as the admin API controls it: API, faults, request log and initial state."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callfire_sandbox.api.callfire import Sandbox
from callfire_sandbox.web.faults import Faults
from callfire_sandbox.world.state import World
from callfire_sandbox.world.state_file import StateFile

if TYPE_CHECKING:
    from callfire_sandbox.web.accounts import Accounts

REQUESTS_KEPT = 1000


class Control:
    """An account with its faults and its request log. `begin` fills an empty world with the initial state."""

    accounts: "Accounts"
    """All accounts of the sandbox, set when the account is added to them."""

    def __init__(
        self, world: World, begin: Callable[[World], None], state_file: StateFile | None = None, name: str = ""
    ) -> None:
        self.world = world
        self.name = name
        self.faults = Faults(world.seed)
        self.requests: deque[dict[str, Any]] = deque(maxlen=REQUESTS_KEPT)
        self._begin = begin
        self._state_file = state_file
        if state_file is None or not state_file.load(world):
            begin(world)
        self.sandbox = Sandbox(world, state_file)
        self.sandbox.save()

    def save(self) -> None:
        """Write all changes to the state file."""
        self.sandbox.save()

    def reset(self) -> None:
        """Reset state, faults and request log."""
        self.world.clear()
        self._begin(self.world)
        self.faults.reset()
        self.requests.clear()
        self.replaced()

    def replaced(self) -> None:
        """Write a replaced state to the state file."""
        if self._state_file:
            self._state_file.replace(self.world)

    def close(self) -> None:
        """Close the state file."""
        if self._state_file:
            self._state_file.close()
