"""Containers of one step: each has its own way to the broker, so that what strikes one spares the rest"""

import signal
from collections.abc import Mapping

from tests.integration.proxy import Proxy
from tests.integration.step_process import PYTHON, StepProcess


class Container:
    """A process of the step, which is started again whenever it has ended, as the platform does."""

    def __init__(self, uri: str, variables: Mapping[str, str]) -> None:
        self._way = Proxy(uri)
        self._variables = {**variables, "ELASTICIO_AMQP_URI": self._way.uri}
        self._killed = False
        self._step: StepProcess | None = None

    def keep_running(self) -> bool:
        """Start it if it does not run. True where it had ended without a kill."""
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
        """End it as a machine that fails would."""
        self._killed = True
        if self._step:
            self._step.process.kill()

    def cut(self) -> None:
        """Break its connections to the broker."""
        self._way.cut()

    def end(self, number: signal.Signals) -> None:
        """End the process and wait for that."""
        if self._step:
            self._step.end(number)

    def close(self) -> None:
        """Leave nothing behind."""
        self.end(signal.SIGKILL)
        self._way.close()

    def last_lines(self) -> str:
        """What it said last."""
        return "".join(self._step.lines[-20:]) if self._step else ""
