"""An account of the sandbox with its own clock, and a flow that polls it."""

from typing import Any

import requests

from tests.lib.steps import FakeStep, run

START = 1_700_000_000_000


class Account:
    """A sandbox, and the form and snapshot of a flow with a trigger. `trigger` is its name below lib/."""

    trigger: str

    def __init__(self, running: Any, **config: Any) -> None:
        self.running = running
        self.admin_url = running.admin_url
        self.login = {"username": running.username, "password": running.password, "server": running.url}
        self.config = {**self.login, "startTime": START, **config}
        self.snapshot: Any = None

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.admin_url}/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def switch(self, **switches: Any) -> None:
        self.admin("PATCH", "switches", switches)

    def wait(self, seconds: float = 1) -> None:
        self.admin("POST", "clock", {"advance": int(seconds * 1000)})

    def poll(self, **config: Any) -> list[dict[str, Any]]:
        """Run the trigger once; return the emitted messages. A snapshot before an error counts."""
        step = FakeStep()
        try:
            return run(self.trigger, {}, {**self.config, **config}, snapshot=self.snapshot, step=step)
        finally:
            snapshots = [snapshot for event, snapshot in step.emitted if event == "snapshot"]
            self.snapshot = snapshots[-1] if snapshots else self.snapshot
