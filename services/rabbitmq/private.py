"""Starts, stops and restarts a private broker on the same port with the same data."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from services.rabbitmq.check import Broker, BrokerFailedError, connection_failure

STOP_WITH_PARENT = Path(__file__).with_name("stop_with_parent.py")
START_SECONDS = 120  # an Erlang node on a busy two-core machine; pulling the image does not count
STOP_SECONDS = 60


@dataclass(frozen=True)
class LaunchCommand:
    """The command that runs a broker in the foreground. Each run uses the port and the data of the previous run.

    `control` is rabbitmqctl for this broker; `freeze` and `thaw` stop and resume its processes.
    """

    name: str
    command: tuple[str, ...]
    port: int
    control: tuple[str, ...] = ()
    freeze: tuple[str, ...] = ()
    thaw: tuple[str, ...] = ()
    env: Mapping[str, str] | None = None


@dataclass(frozen=True)
class PrivateBroker(Broker):
    """A broker that only this test run uses. Durable queues and persistent messages survive restarts."""

    launch: LaunchCommand = field(repr=False)  # a failing test must not print the environment
    log: Path
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, launch: LaunchCommand, log: Path) -> "PrivateBroker":
        """Return the broker that `launch` describes, not yet started."""
        return cls(f"amqp://guest:guest@127.0.0.1:{launch.port}", launch.name, launch, log)

    def start(self) -> None:
        """Start the broker and return as soon as it accepts connections.

        Raises BrokerFailedError, with the end of the broker's log, if it exits or does not respond in time.
        """
        if self._processes:
            raise RuntimeError("The broker is running already.")
        with self.log.open("ab") as log:
            command = (sys.executable, str(STOP_WITH_PARENT), *self.launch.command)
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=self.launch.env)
        self._processes.append(process)
        deadline = time.monotonic() + START_SECONDS
        while (reason := connection_failure(self.uri)) is not None:
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
                raise BrokerFailedError(f"{self.name} did not start ({reason}). The end of its log:\n{tail}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the broker and wait until it has written its data. Does nothing if the broker is stopped."""
        while self._processes:
            process = self._processes.pop()
            assert process.stdin is not None
            process.stdin.close()
            process.wait(STOP_SECONDS)

    def restart(self) -> None:
        """Stop and start the broker. Connections break; durable queues remain."""
        self.stop()
        self.start()

    def control(self, *arguments: str) -> str:
        """Run rabbitmqctl and return its output."""
        return self._run(*self.launch.control, *arguments)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Pause the broker's processes. Its connections stay open."""
        self._run(*self.launch.freeze)
        try:
            yield
        finally:
            self._run(*self.launch.thaw)

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=self.launch.env)
        if done.returncode:
            raise BrokerFailedError(f"{command[0]} failed: {done.stdout}{done.stderr}")
        return done.stdout
