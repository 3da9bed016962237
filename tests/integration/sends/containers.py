"""Containers of one step. Each connects through its own proxy, so that a fault affects only one."""

import signal
from collections.abc import Mapping

from tests.integration.proxy import Proxy
from tests.integration.step_process import PYTHON, StepProcess


class Container:
    """A process of the step. Like on the platform, it is restarted when it has ended."""

    def __init__(self, uri: str, variables: Mapping[str, str]) -> None:
        self._proxy = Proxy(uri)
        self._variables = {**variables, "ELASTICIO_AMQP_URI": self._proxy.uri}
        self._killed = False
        self._step: StepProcess | None = None

    def keep_running(self) -> bool:
        """Start the process if it does not run. Returns True if it had ended without a kill."""
        if self.is_alive:
            return False
        ended = self._step is not None and not self._killed
        if self._step:
            self._step.exit_code()
        self._killed = False
        self._step = StepProcess(PYTHON, self._variables)
        return ended

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._step is not None and self._step.process.poll() is None

    def kill(self) -> None:
        """End the process with SIGKILL, like a failure of the machine."""
        self._killed = True
        if self._step:
            self._step.process.kill()

    def cut(self) -> None:
        """Break the connections to the broker."""
        self._proxy.cut()

    def end(self, number: signal.Signals) -> None:
        """End the process and wait for its exit."""
        if self._step:
            self._step.end(number)

    def close(self) -> None:
        """Kill the process and close the proxy."""
        self.end(signal.SIGKILL)
        self._proxy.close()

    def last_lines(self) -> str:
        """Return the last lines of its log."""
        return "".join(self._step.lines[-20:]) if self._step else ""
