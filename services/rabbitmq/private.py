"""A broker of our own: starts, stops and restarts on the same port with the same data"""

import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.rabbitmq.probe import Broker, BrokerFailedError, refusal

KEEPER = Path(__file__).with_name("keeper.py")
START_SECONDS = 120  # an Erlang node on a busy two-core machine; a pull of the image is not part of it
STOP_SECONDS = 60


@dataclass(frozen=True)
class Recipe:
    """How to run a broker in the foreground: each run must find the port and the data of the one before."""

    name: str
    command: tuple[str, ...]
    port: int
    env: Mapping[str, str] | None = None


@dataclass(frozen=True)
class PrivateBroker(Broker):
    """A broker that only this test run uses. Durable queues and persistent messages survive its restarts."""

    recipe: Recipe = field(repr=False)  # its environment is nobody's business in a failing test's output
    log: Path
    _keepers: list[subprocess.Popen[bytes]] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, recipe: Recipe, log: Path) -> "PrivateBroker":
        """Return the broker that `recipe` describes, not started yet."""
        return cls(f"amqp://guest:guest@127.0.0.1:{recipe.port}", recipe.name, recipe, log)

    def start(self) -> None:
        """Return as soon as the broker accepts connections.

        Raises BrokerFailedError, with the end of the broker's log, if it ends or does not answer in time.
        """
        if self._keepers:
            raise RuntimeError("The broker is running already.")
        with self.log.open("ab") as log:
            command = (sys.executable, str(KEEPER), *self.recipe.command)
            keeper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=self.recipe.env)
        self._keepers.append(keeper)
        deadline = time.monotonic() + START_SECONDS
        while (reason := refusal(self.uri)) is not None:
            if keeper.poll() is not None or time.monotonic() > deadline:
                self.stop()
                tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
                raise BrokerFailedError(f"{self.name} did not start ({reason}). The end of its log:\n{tail}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Return when the broker has written its data and ended. Stopping a stopped one does nothing."""
        while self._keepers:
            keeper = self._keepers.pop()
            assert keeper.stdin is not None
            keeper.stdin.close()
            keeper.wait(STOP_SECONDS)

    def restart(self) -> None:
        """Stop and start: connections break, durable queues stay."""
        self.stop()
        self.start()
